import { defineOperation } from '../../../operation.ts';
import { read, readingFields } from '../../../reading.ts';
import { sheetOutput, sheetProfiles } from '../../../sheet-settings.ts';

export default defineOperation({
  path: '/pdf/convert/to/xlsx',
  group: 'Convert from PDF',
  title: 'PDF to XLSX',
  about:
    'The rows and columns of each page as a worksheet. Numbers and dates are cells of their kind, with the format that they have on the page; all else is text, and never a formula.',
  makes: 'xlsx',
  fields: readingFields,
  profiles: sheetProfiles,
  examples: [
    {
      title: 'A table',
      request: { url: 'sample:table.pdf', name: 'result.xlsx' },
      expect: { pageCount: 1, name: 'result.xlsx' },
    },
    {
      title: 'All pages on one worksheet, with numbers as they are written in Germany',
      request: {
        url: 'sample:two-pages.pdf',
        profiles: "{ 'PageToWorksheet': false, 'NumberDecimalSeparator': ',', 'NumberGroupSeparator': '.' }",
      },
      expect: { pageCount: 2, name: 'result.xlsx' },
    },
  ],
  run: (call, tools) => read(sheetOutput('xlsx', call.profiles), call, tools),
});
