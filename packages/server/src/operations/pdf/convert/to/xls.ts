import { defineOperation } from '../../../operation.ts';
import { read, readingFields } from '../../../reading.ts';
import { sheetOutput, sheetProfiles } from '../../../sheet-settings.ts';

export default defineOperation({
  path: '/pdf/convert/to/xls',
  group: 'Convert from PDF',
  title: 'PDF to XLS',
  about:
    'The rows and columns of each page as a worksheet. The binary format of Excel 97 to 2003, with at most 65,536 rows and 256 columns for a worksheet; what has more goes on in a further one. All else is as with `/pdf/convert/to/xlsx`.',
  makes: 'xls',
  fields: readingFields,
  profiles: sheetProfiles,
  examples: [
    {
      title: 'A table',
      request: { url: 'sample:table.pdf', name: 'result.xls' },
      expect: { pageCount: 1, name: 'result.xls' },
    },
    {
      title: 'All pages on one worksheet, with numbers as they are written in Germany',
      request: {
        url: 'sample:two-pages.pdf',
        profiles: "{ 'PageToWorksheet': false, 'NumberDecimalSeparator': ',', 'NumberGroupSeparator': '.' }",
      },
      expect: { pageCount: 2, name: 'result.xls' },
    },
  ],
  run: (call, tools) => read(sheetOutput('xls', call.profiles), call, tools),
});
