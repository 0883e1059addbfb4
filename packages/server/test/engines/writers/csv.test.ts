import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pageWith, text } from '../layout/made-page.ts';
import { written } from './written.ts';

const csv = { as: 'csv', separator: ',', quotation: '"' } as const;

describe('CSV', () => {
  it('quotes every cell, has a separator after each, and as many in all rows of a page', async () => {
    const page = pageWith([
      text(50, 100, 'Acme Ltd'),
      text(50, 140, 'Item'),
      text(150, 140, 'Qty'),
      text(250, 140, 'Price'),
      text(50, 152, 'Bolt'),
      text(250, 152, '1.50'),
    ]);
    const { text: got } = await written(csv, [page]);
    assert.equal(got, '"Acme Ltd","","",\r\n"Item","Qty","Price",\r\n"Bolt","","1.50",\r\n');
  });

  it('has no row for what is empty, and no byte order mark', async () => {
    const { text: got } = await written(csv, [pageWith([]), pageWith([text(50, 100, 'x')])]);
    assert.equal(got, '"x",\r\n');
  });

  it('doubles the quotation in cells, and leaves all else as it is printed', async () => {
    const page = pageWith([text(50, 100, '=1+1;"a",b')]);
    assert.equal((await written(csv, [page])).text, '"=1+1;""a"",b",\r\n');
    const { text: got } = await written({ as: 'csv', separator: ';', quotation: "'" }, [page]);
    assert.equal(got, `'=1+1;"a",b';\r\n`);
  });

  it('breaks lines within a cell as between rows', async () => {
    const page = pageWith([
      text(52, 110, 'one'),
      text(152, 110, 'x'),
      text(152, 122, 'y'),
      text(52, 134, 'two'),
    ]);
    const { text: got } = await written(csv, [page], { settings: { lineGrouping: 'rows' } });
    assert.equal(got, '"one","x\r\ny",\r\n"two","",\r\n');
  });
});
