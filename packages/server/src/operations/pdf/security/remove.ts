import { field } from '../../fields.ts';
import { defineOperation } from '../../operation.ts';

export default defineOperation({
  path: '/pdf/security/remove',
  group: 'Security',
  title: 'Remove the protection of a PDF',
  about: 'Writes the document without its encryption. `password` is the one to open it, or the owner’s.',
  makes: 'pdf',
  fields: { url: field.source('Link to the PDF; or a file part named `file`.') },
  examples: [
    {
      title: 'With the password',
      request: { url: 'sample:protected.pdf', password: 'open', name: 'result.pdf' },
      expect: { pageCount: 1 },
    },
  ],
  async run({ url }, { fetch, engine }) {
    return engine('pdf.decrypt', { document: await fetch(url) });
  },
});
