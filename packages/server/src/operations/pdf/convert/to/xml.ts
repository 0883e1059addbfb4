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
    {
      title: 'A form, in the answer',
      request: { url: 'sample:form.pdf', inline: 'true' },
      expect: {
        body: [
          '<?xml version="1.0" encoding="utf-8"?>',
          '<document pageCount="1" pageCountWithOCRPerformed="0">',
          '  <page index="0" width="612" height="792" OCRWasPerformed="False">',
          '    <control type="editbox" id="name" x="72.00" y="72.00" width="200.00" height="20.00">Ada</control>',
          '  </page>',
          '</document>',
          '',
        ].join('\r\n'),
      },
    },
  ],
  run: (call, tools) => read(treeOutput('xml', 'text', call.profiles), call, tools),
});
