import { field } from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { infoOf } from '../document-facts.ts';

export default defineOperation({
  path: '/pdf/info',
  group: 'Information and search',
  title: 'Facts about a PDF',
  about:
    'What a document says of itself, and what it holds: nothing of it is checked. `/pdf/info/fields` tells its fields too.',
  makes: 'json',
  answers: { member: 'info' },
  fields: { url: field.source('Link to the PDF; or a file part named `file`.') },
  examples: [
    {
      title: 'A document of two pages',
      request: { url: 'sample:two-pages.pdf' },
      expect: { info: { PageCount: 2, Encrypted: false, PermissionPrinting: true } },
    },
  ],
  async run({ url }, { fetch, engine }) {
    const { facts, warnings } = await engine('pdf.info', { document: await fetch(url) });
    return { body: infoOf(facts), warnings };
  },
});
