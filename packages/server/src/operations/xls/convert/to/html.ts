import { defineOperation } from '../../../operation.ts';
import { inBody } from '../../../reading.ts';
import { readWorkbook, workbookFields } from '../../../workbooks.ts';

export default defineOperation({
  path: '/xls/convert/to/html',
  group: 'Spreadsheets',
  title: 'Spreadsheet to HTML',
  about:
    'A page with a table for each sheet that is shown, or for one: texts as they are shown, merged cells as one, links to the web and to mail. No script, and nothing is loaded.',
  makes: 'html',
  answers: inBody,
  fields: workbookFields,
  examples: [
    {
      title: 'All sheets, as a file',
      request: { url: 'sample:prices.xlsx', name: 'prices.html' },
      expect: { pageCount: 2, name: 'prices.html' },
    },
    {
      title: 'One sheet, in the answer',
      request: { url: 'sample:prices.xlsx', worksheetIndex: '2', inline: 'true' },
      expect: { pageCount: 1 },
    },
  ],
  run: (call, tools) => readWorkbook({ as: 'html' }, call, tools),
});
