import { defineOperation } from '../../../operation.ts';
import { inBody } from '../../../reading.ts';
import { readWorkbook, workbookFields } from '../../../workbooks.ts';

export default defineOperation({
  path: '/xls/convert/to/txt',
  group: 'Spreadsheets',
  title: 'Spreadsheet to text',
  about:
    'A sheet as spreadsheet programs save text: cells as they are shown with tabs between them, quoted where they hold a tab or a line end; CRLF, UTF-8.',
  makes: 'txt',
  answers: inBody,
  fields: workbookFields,
  examples: [
    {
      title: 'The first sheet, in the answer',
      request: { url: 'sample:prices.xlsx', inline: 'true' },
      expect: {
        pageCount: 1,
        body: 'Item\tPrice\tSince\r\nBolt\t1,250.50 €\t2024-02-29\r\n"Nut; 5"","\t12.5%\t\r\n',
      },
    },
  ],
  run: (call, tools) => readWorkbook({ as: 'txt' }, call, tools),
});
