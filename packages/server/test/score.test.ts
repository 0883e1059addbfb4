import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { figures } from '../score/figures.ts';
import { readFloors } from '../score/floors.ts';
import { fixtures } from '../score/fixtures/index.ts';
import { gridScore, shapeScore, tableScore } from '../score/measures/cells.ts';
import { orderScore, wordScore } from '../score/measures/words.ts';
import { ours } from '../score/readers/ours.ts';
import { readAll } from '../score/run.ts';

const floors = readFloors();
const reader = ours();
const results = await readAll(fixtures, [reader]);

describe('what is read of documents that are known', () => {
  for (const { group, measure, means } of figures(results, [reader.name]).rows)
    it(`${group}, ${measure}: not below the floor`, () => {
      const [mean = 0] = means;
      const floor = floors[group]?.[measure] ?? assert.fail('there is no floor');
      assert.ok(mean >= floor, `${mean} is below ${floor}: npm run score -- --ours says of which documents`);
    });

  it('has a name of its own for every document', () => {
    assert.equal(new Set(fixtures.map(({ name }) => name)).size, fixtures.length);
  });

  it('draws the same bytes each time', () => {
    for (const { fixture, truth } of results)
      assert.deepEqual(fixture.draw().bytes, truth.bytes, fixture.name);
  });
});

describe('the measures', () => {
  const table = [
    ['Item', 'Price'],
    ['Bolt', '1.20'],
    ['Nut', ''],
  ];

  it('give 1 for what is right, however much blank there is', () => {
    assert.equal(wordScore('a bolt\nand a nut', 'and  a\tnut a bolt'), 1);
    assert.equal(orderScore('a bolt and a nut', 'a bolt\nand a nut'), 1);
    assert.equal(
      gridScore([[table]], [['', 'Item', 'Price'], ['Our prices'], ['', 'Bolt', ' 1.20 '], ['', 'Nut']]),
      1,
    );
    assert.equal(tableScore([table], [table], false), 1);
    assert.equal(tableScore([], [], false), 1);
  });

  it('give less for words that are cut, and for words in another order', () => {
    assert.equal(wordScore('harbour office', 'harb our office'), 2 / 5);
    assert.equal(orderScore('one two three four', 'three four one two'), 0.5);
  });

  it('give less for cells that stand in another column or row, and for those that are too many', () => {
    const shifted = [
      ['Item', 'Price'],
      ['1.20', 'Bolt'],
      ['Nut', ''],
    ];
    assert.equal(gridScore([[table]], shifted), 3 / 4);
    assert.equal(gridScore([[table]], [['Item Price'], ['Bolt 1.20'], ['Nut']]), 1 / 3);
    assert.equal(tableScore([table], [table, [['Far', 'away']]], false), 10 / 12);
    assert.equal(tableScore([table], [table, [['Far', 'away']]], true), 1);
    assert.equal(tableScore([], [table], true), 0);
  });

  it('tell whether rows and columns are as many', () => {
    assert.equal(shapeScore([table], [table.map((row) => [...row, ''])]), 0);
    assert.equal(shapeScore([table, table], [table]), 0.5);
  });
});
