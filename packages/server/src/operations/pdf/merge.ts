import { field } from '../fields.ts';
import { defineOperation } from '../operation.ts';

export default defineOperation({
  path: '/pdf/merge',
  group: 'Merge and split',
  title: 'Merge PDFs',
  about: 'Joins PDFs into one, in the order given.',
  makes: 'pdf',
  fields: {
    url: field.sources('Links to the PDFs, separated by commas; or file parts named `file` or `file[]`.'),
    outlines: field.choice(
      'The outlines (bookmarks) of all PDFs one after another (`join`), or under one entry for each PDF with its file name (`by-document`).',
      ['join', 'by-document'],
      'join',
    ),
  },
  examples: [
    {
      title: 'Two files',
      request: { url: 'sample:two-pages.pdf,sample:one-page.pdf', name: 'result.pdf' },
      expect: { pageCount: 3 },
    },
  ],
  async run({ url, outlines }, { fetch, engine }) {
    const documents = await Promise.all(url.map(fetch));
    return engine('pdf.merge', { documents, outlines });
  },
});
