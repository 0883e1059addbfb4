import { defineOperation } from '../../../operation.ts';
import { inBody, read, readingProfiles, textFields } from '../../../reading.ts';

export default defineOperation({
  path: '/pdf/convert/to/text',
  group: 'Convert from PDF',
  title: 'PDF to text, as it stands on the page',
  about:
    'Lines with CRLF, in which blanks keep columns below each other, and a form feed between pages; UTF-8.',
  makes: 'txt',
  answers: inBody,
  fields: textFields,
  profiles: readingProfiles,
  examples: [
    {
      title: 'A table, in the answer',
      request: { url: 'sample:table.pdf', inline: 'true' },
      expect: {
        pageCount: 1,
        body: 'Item            Qty          Price\r\nBolt              2           1.50\r\nNut              10          12.25\r\n',
      },
    },
    {
      title: 'Running text of the first page, as a file',
      request: {
        url: 'sample:two-pages.pdf',
        pages: '0',
        profiles: "'PreserveFormattingOnTextExtraction': 'False'",
      },
      expect: { pageCount: 1, name: 'result.txt' },
    },
  ],
  run: (call, tools) => read({ as: 'text' }, call, tools),
});
