import { defineOperation } from '../../../operation.ts';
import { inBody, read, textFields } from '../../../reading.ts';
import { treeOutput, treeProfiles } from '../../../tree-output.ts';

export default defineOperation({
  path: '/pdf/convert/to/xml',
  group: 'Convert from PDF',
  title: 'PDF to XML',
  about:
    'Elements `document`, `page`, `row`, `column` and `text`, with font and place as attributes, and `control` for each field of a form: `type` is `editbox`, `checkbox`, `radiobutton`, `combobox` or `listbox`.',
  makes: 'xml',
  answers: inBody,
  fields: textFields,
  profiles: treeProfiles,
  examples: [
    {
      title: 'A table, as a file',
      request: { url: 'sample:table.pdf', name: 'result.xml' },
      expect: { pageCount: 1, name: 'result.xml' },
    },
  ],
  run: (call, tools) => read(treeOutput('xml', 'text', call.profiles), call, tools),
});
