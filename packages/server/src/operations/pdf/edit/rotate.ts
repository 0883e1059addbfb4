import { field } from '../../fields.ts';
import { defineOperation } from '../../operation.ts';

export default defineOperation({
  path: '/pdf/edit/rotate',
  group: 'Pages',
  title: 'Turn pages of a PDF',
  about: 'Turns pages clockwise, further than they are turned already.',
  makes: 'pdf',
  fields: {
    url: field.source('Link to the PDF; or a file part named `file`.'),
    pages: field.pages(
      'Pages to be turned, from 0: `0,2-3`, `1-`, `!0` for the last one; all where it is empty.',
      { first: 0 },
    ),
    angle: field.choice(
      'Degrees clockwise; nothing is turned where it is left out.',
      ['0', '90', '180', '270', '-90', '-180', '-270', '360'],
      '0',
    ),
  },
  examples: [
    {
      title: 'The first page by a quarter',
      request: { url: 'sample:two-pages.pdf', pages: '0', angle: '90', name: 'result.pdf' },
      expect: { pageCount: 2 },
    },
  ],
  async run({ url, pages, angle }, { fetch, engine }) {
    return engine('pdf.rotate-pages', { document: await fetch(url), pages, angle: Number(angle) });
  },
});
