import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pageWith, text, textTo } from '../layout/made-page.ts';
import { written } from './written.ts';

const table = pageWith([
  text(50, 100, 'Item'),
  textTo(150, 100, 'Price'),
  text(50, 112, 'Bolt'),
  textTo(150, 112, '1.50'),
]);
const gap = pageWith([text(50, 100, 'one'), text(50, 124, 'two')]);
const words = pageWith([text(50, 100, 'a sentence that is divi-'), text(50, 112, 'ded at its end')]);
const empty = pageWith([]);

describe('text as it stands on the page', () => {
  it('has lines with CRLF and columns below each other, and a form feed between pages', async () => {
    const { text: got } = await written({ as: 'text' }, [table, empty, gap]);
    assert.equal(got, 'Item           Price\r\nBolt            1.50\r\n\f\fone\r\n\r\ntwo\r\n');
  });

  it('runs where the settings say so, in blocks with an empty line between', async () => {
    const { text: got } = await written({ as: 'text' }, [gap], { settings: { keepsLayout: false } });
    assert.equal(got, 'one\r\n\r\ntwo\r\n');
    const byColumn = await written({ as: 'text' }, [table], { settings: { columnByColumn: true } });
    assert.doesNotMatch(byColumn.text, / {2}/);
  });
});

describe('simple text', () => {
  for (const lineEnding of ['\r\n', '\n', '\r'])
    it(`ends lines with ${JSON.stringify(lineEnding)}`, async () => {
      const { text: got } = await written({ as: 'text-simple', lineEnding }, [words, gap]);
      const lines = ['a sentence that is divi-', 'ded at its end', '\fone', '', 'two', ''];
      assert.equal(got, lines.join(lineEnding));
    });

  it('joins the lines of a paragraph where the settings say so', async () => {
    const output = { as: 'text-simple', lineEnding: '\n' } as const;
    const { text: got } = await written(output, [words], { settings: { unwrap: true } });
    assert.equal(got, 'a sentence that is divided at its end\n');
  });
});
