import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadingOutput } from '../../../src/engines/capabilities.ts';
import type { FieldValue } from '../../../src/engines/pdfium/page.ts';
import { pageWith, text } from '../layout/made-page.ts';
import { written } from './written.ts';

const xml: ReadingOutput = {
  as: 'xml',
  form: 'text',
  pictures: undefined,
  rulings: false,
  onlyLinks: false,
  path: [],
};
const field: FieldValue = {
  left: 0,
  top: 0,
  right: 1,
  bottom: 1,
  name: 'f',
  kind: 'text',
  value: '',
  isOn: false,
  options: [],
};

describe('XML', () => {
  it('has rows and columns, and fields behind them', async () => {
    const options = [
      { label: 'a', isChosen: true },
      { label: 'b', isChosen: false },
    ];
    const page = {
      ...pageWith([text(50, 100, 'Item'), text(150, 100, 'Price'), text(50, 112, 'Bolt')]),
      fields: [{ ...field, kind: 'list-box', value: 'a', options } as const],
    };
    const { text: got } = await written(xml, [page]);
    assert.deepEqual(got.split('\r\n'), [
      '<?xml version="1.0" encoding="utf-8"?>',
      '<document pageCount="1" pageCountWithOCRPerformed="0">',
      '  <page index="0" width="600" height="800" OCRWasPerformed="False">',
      '    <row>',
      '      <column>',
      '        <text fontName="Plain" fontSize="10.0" x="50.00" y="92.00" width="20.00" height="10.00">Item</text>',
      '      </column>',
      '      <column>',
      '        <text fontName="Plain" fontSize="10.0" x="150.00" y="92.00" width="25.00" height="10.00">Price</text>',
      '      </column>',
      '    </row>',
      '    <row>',
      '      <column>',
      '        <text fontName="Plain" fontSize="10.0" x="50.00" y="104.00" width="20.00" height="10.00">Bolt</text>',
      '      </column>',
      '      <column>',
      '        <text />',
      '      </column>',
      '    </row>',
      '    <control type="listbox" id="f" x="0.00" y="0.00" width="1.00" height="1.00">',
      '      <values>',
      '        <value selected="true">a</value>',
      '        <value>b</value>',
      '      </values>',
      '    </control>',
      '  </page>',
      '</document>',
      '',
    ]);
  });

  it('writes what has a meaning in XML, and leaves out what it does not have', async () => {
    const half = String.fromCharCode(0xd800);
    const name = 'a"<&>\n\u0000\u0001\ufffe';
    const fields = [{ ...field, name, value: `]]> & <b> "c"\r\u0008${half}\u{1f600}` }];
    const { text: got } = await written(xml, [{ ...pageWith([]), fields }]);
    assert.match(got, / id="a&quot;&lt;&amp;&gt;&#10;" /);
    assert.match(got, />\]\]&gt; &amp; &lt;b&gt; "c"&#13;\ufffd\u{1f600}<\/control>/u);
  });
});
