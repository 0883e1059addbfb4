import { symbol } from '../../../csv-symbol.ts';
import { defineOperation } from '../../../operation.ts';
import { inBody } from '../../../reading.ts';
import { readWorkbook, workbookFields } from '../../../workbooks.ts';

export default defineOperation({
  path: '/xls/convert/to/csv',
  group: 'Spreadsheets',
  title: 'Spreadsheet to CSV',
  about:
    'A sheet as it is shown: numbers and dates by their formats, results of formulas, the text of merged cells in the first of them. Cells are quoted where they have to be; CRLF, UTF-8. Hidden rows and columns are there too.',
  makes: 'csv',
  answers: inBody,
  fields: {
    ...workbookFields,
    quotationSymbol: symbol('What stands around a cell that needs it; within one it is doubled.', '"'),
    separatorSymbol: symbol('What stands between cells; `\\t` is a tab.', ','),
  },
  examples: [
    {
      title: 'The first sheet, in the answer',
      request: { url: 'sample:prices.xlsx', inline: 'true' },
      expect: {
        pageCount: 1,
        body: 'Item,Price,Since\r\nBolt,"1,250.50 €",2024-02-29\r\n"Nut; 5"",",12.5%,\r\n',
      },
    },
    {
      title: 'Another sheet, with semicolons',
      request: { url: 'sample:prices.xlsx', worksheetIndex: '2', separatorSymbol: ';', inline: 'true' },
      expect: { pageCount: 1, body: 'Total;TRUE\r\n' },
    },
    {
      title: 'A sheet by its name, as a file',
      request: { url: 'sample:prices.xlsx', worksheetIndex: 'Sums', name: 'sums.csv' },
      expect: { pageCount: 1, name: 'sums.csv' },
    },
  ],
  run: (call, tools) =>
    readWorkbook(
      { as: 'csv', separator: call.separatorSymbol, quotation: call.quotationSymbol },
      call,
      tools,
    ),
});
