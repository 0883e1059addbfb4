import { defineOperation } from '../../../operation.ts';
import { inBody } from '../../../reading.ts';
import { readWorkbook, workbookFields } from '../../../workbooks.ts';

export default defineOperation({
  path: '/xls/convert/to/json',
  group: 'Spreadsheets',
  title: 'Spreadsheet to JSON',
  about:
    'A list of the rows of a sheet, each an object with `Column0`, `Column1` and so on: texts as they are shown, null for an empty cell. With `inline`, `body` is that list.',
  makes: 'json',
  answers: inBody,
  fields: workbookFields,
  examples: [
    {
      title: 'The first sheet, in the answer',
      request: { url: 'sample:prices.xlsx', inline: 'true' },
      expect: {
        pageCount: 1,
        body: [
          { Column0: 'Item', Column1: 'Price', Column2: 'Since' },
          { Column0: 'Bolt', Column1: '1,250.50 €', Column2: '2024-02-29' },
          { Column0: 'Nut; 5",', Column1: '12.5%', Column2: null },
        ],
      },
    },
    {
      title: 'A table of text',
      request: { url: 'sample:prices.csv', inline: 'true' },
      expect: {
        body: [
          { Column0: 'Item', Column1: 'Price' },
          { Column0: 'Bolt', Column1: '1.50' },
        ],
      },
    },
  ],
  run: (call, tools) => readWorkbook({ as: 'json' }, call, tools),
});
