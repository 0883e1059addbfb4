import { defineOperation } from '../../../operation.ts';
import { inBody, read, textFields } from '../../../reading.ts';
import { jsonProfiles, treeOutput } from '../../../tree-output.ts';

export default defineOperation({
  path: '/pdf/convert/to/json2',
  group: 'Convert from PDF',
  title: 'PDF to JSON',
  about:
    'Rows and columns of the pages: `document.page.row[].column[].text.text`, with font and place beside it. What is there once is a value, and several are a list: one page, one row, one column. A column without text has an empty text in place of the object.',
  makes: 'json',
  answers: inBody,
  fields: textFields,
  profiles: jsonProfiles,
  examples: [
    {
      title: 'A table, in the answer',
      request: { url: 'sample:table.pdf', inline: 'true' },
      expect: {
        body: {
          document: {
            page: {
              index: '0',
              row: [
                { column: [{ text: { text: 'Item' } }, { text: { text: 'Qty' } }, {}] },
                { column: [{ text: { text: 'Bolt' } }, { text: { fontSize: '12.0' } }, {}] },
                {},
              ],
            },
          },
        },
      },
    },
    {
      title: 'The texts of all links',
      request: {
        url: 'sample:letter.pdf',
        inline: 'true',
        profiles: "{ 'OutputStructure': 'OnlyLinks', 'OutputTransformation': '$..text' }",
      },
      expect: { body: ['cards'] },
    },
  ],
  run: (call, tools) => read(treeOutput('json', 'text', call.profiles), call, tools),
});
