import { field } from '../../fields.ts';
import { defineOperation } from '../../operation.ts';

export default defineOperation({
  path: '/pdf/attachments/extract',
  group: 'Extract data',
  title: 'Take the attachments out of a PDF',
  about:
    'Gives a link to each file that is attached to the document, to its pages or to an annotation, as it was put in.',
  makes: 'json',
  answers: 'urls',
  fields: { url: field.source('Link to the PDF; or a file part named `file`.') },
  examples: [
    {
      title: 'A document with an attached text',
      request: { url: 'sample:attachment.pdf' },
      expect: { pageCount: 1 },
    },
  ],
  async run({ url }, { fetch, engine }) {
    return engine('pdf.attachments', { document: await fetch(url) });
  },
});
