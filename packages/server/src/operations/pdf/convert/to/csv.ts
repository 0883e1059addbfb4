import { symbol } from '../../../csv-symbol.ts';
import { defineOperation } from '../../../operation.ts';
import { inBody, read, readingProfiles, textFields } from '../../../reading.ts';

export default defineOperation({
  path: '/pdf/convert/to/csv',
  group: 'Convert from PDF',
  title: 'PDF to CSV',
  about:
    'A row for each line of the pages, with columns as they stand on the page: every cell quoted, a separator after each, CRLF, UTF-8. Text is as it is printed, also where a spreadsheet program would take it for a formula.',
  makes: 'csv',
  answers: inBody,
  fields: textFields,
  profiles: {
    ...readingProfiles,
    CSVSeparatorSymbol: symbol('What stands behind each cell.', ','),
    CSVQuotaionSymbol: {
      ...symbol('What stands around each cell; within one it is doubled.', '"'),
      alsoNamed: ['CSVQuotationSymbol'],
    },
  },
  examples: [
    {
      title: 'A table, in the answer',
      request: { url: 'sample:table.pdf', inline: 'true' },
      expect: {
        pageCount: 1,
        body: '"Item","Qty","Price",\r\n"Bolt","2","1.50",\r\n"Nut","10","12.25",\r\n',
      },
    },
    {
      title: 'With semicolons, as a file',
      request: {
        url: 'sample:table.pdf',
        profiles: "{ 'profiles': [ { 'profile1': { 'CSVSeparatorSymbol': ';' } } ] }",
        name: 'result.csv',
      },
      expect: { pageCount: 1, name: 'result.csv' },
    },
  ],
  run(call, tools) {
    const { CSVSeparatorSymbol: separator, CSVQuotaionSymbol: quotation } = call.profiles;
    return read({ as: 'csv', separator, quotation }, call, tools);
  },
});
