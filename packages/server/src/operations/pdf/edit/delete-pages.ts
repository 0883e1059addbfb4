import { field } from '../../fields.ts';
import { defineOperation } from '../../operation.ts';

export default defineOperation({
  path: '/pdf/edit/delete-pages',
  group: 'Pages',
  title: 'Delete pages of a PDF',
  about: 'Leaves out pages, and what leads to them or belongs to them alone.',
  makes: 'pdf',
  fields: {
    url: field.source('Link to the PDF; or a file part named `file`.'),
    pages: field.pages('Pages to be deleted, from 1: `1-2,5`, `3-`, `!1` for the last one.', {
      first: 1,
      required: true,
    }),
  },
  examples: [
    {
      title: 'The first page',
      request: { url: 'sample:two-pages.pdf', pages: '1', name: 'result.pdf' },
      expect: { pageCount: 1 },
    },
  ],
  async run({ url, pages }, { fetch, engine }) {
    return engine('pdf.delete-pages', { document: await fetch(url), pages });
  },
});
