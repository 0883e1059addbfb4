import { defineOperation } from '../../../operation.ts';
import { inBody } from '../../../reading.ts';
import { readWorkbook, workbookFields } from '../../../workbooks.ts';

export default defineOperation({
  path: '/xls/convert/to/xml',
  group: 'Spreadsheets',
  title: 'Spreadsheet to XML',
  about:
    'All sheets that are shown, or one: `workbook`, `worksheet` with its `index` and `name`, `row`, `column` with its text as it is shown.',
  makes: 'xml',
  answers: inBody,
  fields: workbookFields,
  examples: [
    {
      title: 'One sheet, in the answer',
      request: { url: 'sample:prices.xlsx', worksheetIndex: '2', inline: 'true' },
      expect: {
        pageCount: 1,
        body: [
          '<?xml version="1.0" encoding="utf-8"?>',
          '<workbook>',
          '  <worksheet index="2" name="Sums">',
          '    <row>',
          '      <column>Total</column>',
          '      <column>TRUE</column>',
          '    </row>',
          '  </worksheet>',
          '</workbook>',
          '',
        ].join('\r\n'),
      },
    },
    {
      title: 'All sheets, as a file',
      request: { url: 'sample:prices.xlsx', name: 'prices' },
      expect: { pageCount: 2, name: 'prices.xml' },
    },
  ],
  run: (call, tools) => readWorkbook({ as: 'xml' }, call, tools),
});
