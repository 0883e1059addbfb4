import { defineOperation } from '../../../operation.ts';
import { inBody, read, textFields } from '../../../reading.ts';
import { jsonProfiles, treeOutput } from '../../../tree-output.ts';

export default defineOperation({
  path: '/pdf/convert/to/json',
  group: 'Convert from PDF',
  title: 'PDF to JSON, in its older form',
  about:
    'What `/pdf/convert/to/xml` gives, as JSON: `document.page.row[].column[].text`, with `@` before the names of attributes and `#text` for the text itself. What is there once is a value, and several are a list. A column without text is an empty text.',
  makes: 'json',
  answers: inBody,
  fields: textFields,
  profiles: jsonProfiles,
  examples: [
    {
      title: 'A table, in the answer',
      request: { url: 'sample:table.pdf', inline: 'true', pages: '0' },
      expect: {
        body: {
          document: {
            '@pageCount': '1',
            page: {
              '@index': '0',
              row: [
                { column: [{ text: { '#text': 'Item' } }, { text: { '#text': 'Qty' } }, {}] },
                { column: [{ text: { '#text': 'Bolt' } }, { text: { '@fontSize': '12.0' } }, {}] },
                {},
              ],
            },
          },
        },
      },
    },
  ],
  run: (call, tools) => read(treeOutput('json', 'plain', call.profiles), call, tools),
});
