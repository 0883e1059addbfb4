import { field } from '../../../fields.ts';
import { officeFields, printDocument } from '../../../office-pages.ts';
import { defineOperation } from '../../../operation.ts';

export default defineOperation({
  path: '/xls/convert/to/pdf',
  group: 'Spreadsheets',
  title: 'Spreadsheet to PDF',
  about:
    'Prints a workbook (XLSX, XLS, ODS and others) by LibreOffice as it is set up: paper, print ranges and breaks. Hidden and empty sheets have no pages. A protected XLSX opens with `password`.',
  makes: 'pdf',
  fields: {
    url: field.source('Link to the workbook; or a file part named `file`.'),
    worksheetIndex: field.text(
      'Number of the one sheet that is printed, from 1 (0 is the first too), or its name; hidden ones count. Empty: all.',
    ),
    autosize: officeFields.autosize,
  },
  examples: [
    {
      title: 'All sheets',
      request: { url: 'sample:prices.xlsx', name: 'result.pdf' },
      expect: { pageCount: 2, name: 'result.pdf' },
    },
    {
      title: 'The second, on one page',
      request: { url: 'sample:prices.xlsx', worksheetIndex: '2', autosize: 'true' },
      expect: { pageCount: 1 },
    },
  ],
  run: async ({ url, worksheetIndex, autosize }, tools) =>
    printDocument(
      await tools.fetch(url),
      { sheet: worksheetIndex.trim(), fitsPages: autosize, pages: '' },
      tools,
    ),
});
