import { defineOperation } from '../../../operation.ts';
import { inBody, read, textFields } from '../../../reading.ts';
import { jsonProfiles, treeOutput } from '../../../tree-output.ts';

export default defineOperation({
  path: '/pdf/convert/to/json-meta',
  group: 'Convert from PDF',
  title: 'PDF to JSON, with what kind of text it is',
  about:
    'As `/pdf/convert/to/json2`, and of each text `paragraphStyle` (`h1` to `h7`, `small`; by its size), `meta.type` (`text`, `datetime`, `integer`, `decimal`, `currency`) and `meta.subType` (`companyName`, `personName`). All of it comes from size and spelling, and nothing is looked up.',
  makes: 'json',
  answers: inBody,
  fields: textFields,
  profiles: jsonProfiles,
  examples: [
    {
      title: 'Numbers of a table, in the answer',
      request: { url: 'sample:table.pdf', inline: 'true' },
      expect: {
        body: {
          document: {
            page: {
              row: [
                {},
                {
                  column: [
                    { text: { text: 'Bolt', meta: { type: 'text' } } },
                    { text: { text: '2', meta: { type: 'integer' } } },
                    { text: { text: '1.50', meta: { type: 'decimal' } } },
                  ],
                },
                {},
              ],
            },
          },
        },
      },
    },
  ],
  run: (call, tools) => read(treeOutput('json', 'meta', call.profiles), call, tools),
});
