import { field } from '../../../fields.ts';
import { officeFields, printDocument } from '../../../office-pages.ts';
import { defineOperation } from '../../../operation.ts';

export default defineOperation({
  path: '/pdf/convert/from/csv',
  group: 'Convert to PDF',
  title: 'CSV or spreadsheet to PDF',
  about:
    'Prints a table in CSV: columns as wide as their texts, the first row again on each page. What stands between cells, and how the text is encoded, is found by the text. A workbook (XLSX, XLS, ODS) is printed as it is set up, all of its sheets.',
  makes: 'pdf',
  fields: {
    url: field.source('Link to the table or the workbook; or a file part named `file`.'),
    pages: officeFields.pages,
  },
  examples: [
    {
      title: 'A table',
      request: { url: 'sample:prices.csv', name: 'result.pdf' },
      expect: { pageCount: 1, name: 'result.pdf' },
    },
  ],
  run: async ({ url, pages }, tools) =>
    printDocument(await tools.fetch(url), { sheet: '', fitsPages: false, pages }, tools),
});
