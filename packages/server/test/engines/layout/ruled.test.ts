import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TableSettings } from '../../../src/engines/capabilities.ts';
import { gridOf, tablesOf } from '../../../src/engines/pdfium/layout/layout.ts';
import type { Page } from '../../../src/engines/pdfium/page.ts';
import { across, down, pageWith, ruled, settings, text } from './made-page.ts';

const usual: TableSettings = {
  rowsMin: 1,
  columnsMin: 1,
  oddRowsMax: 0,
  emptyLinesBetween: 0,
  mendsBorders: false,
};

function tables(page: Page, changed: Partial<TableSettings> = {}): string[][][] {
  const found = tablesOf(page, settings, { ...usual, ...changed });
  return found.map(({ grid }) => grid.rows.map((row) => row.cells.map((cell) => cell?.text ?? '')));
}

const filled = [
  text(55, 115, 'Item'),
  text(155, 115, 'Note'),
  text(55, 135, 'Bolt'),
  text(155, 135, 'first'),
  text(155, 147, 'second'),
];
const rows = [
  ['Item', 'Note'],
  ['Bolt', 'first\nsecond'],
];

describe('tables with lines', () => {
  it('are cells, each with all its lines', () => {
    const page = pageWith(filled, { rulings: ruled([50, 150, 250], [100, 120, 155]) });
    assert.deepEqual(tables(page), [rows]);
    const [table] = tablesOf(page, settings, usual);
    assert.deepEqual(
      [table?.left, table?.top, table?.right, table?.bottom, table?.isRuled],
      [50, 100, 250, 155, true],
    );
    assert.deepEqual(table?.grid.edges, [50, 150, 250]);
  });

  it('may be open at their sides', () => {
    const rulings = [across(100, 50, 250), across(120, 50, 250), across(155, 50, 250), down(150, 100, 155)];
    assert.deepEqual(tables(pageWith(filled, { rulings })), [rows]);
  });

  it('may have cells of another colour instead of lines', () => {
    const fills = [
      { left: 50, top: 100, right: 149, bottom: 119 },
      { left: 150, top: 100, right: 250, bottom: 119 },
      { left: 50, top: 120, right: 149, bottom: 155 },
      { left: 150, top: 120, right: 250, bottom: 155 },
    ].map((box) => ({ ...box, color: '#eeeeee' }));
    assert.deepEqual(tables(pageWith(filled, { fills })), [rows]);
  });

  it('may have every other row filled, from the second one on', () => {
    const fills = [120, 150].map((top) => ({
      left: 50,
      top,
      right: 250,
      bottom: top + 15,
      color: '#dddddd',
    }));
    const glyphs = [116, 131, 146, 161, 176].flatMap((y, index) => [
      text(55, y, `row ${index}`),
      text(155, y, `${index}.00`),
    ]);
    assert.deepEqual(
      tables(pageWith(glyphs, { fills })).map((found) => found.map(([first]) => first)),
      [['row 0', 'row 1', 'row 2', 'row 3', 'row 4']],
    );
  });

  it('have cells over several columns and rows where lines are missing', () => {
    const rulings = [
      ...ruled([50, 250], [100, 160]),
      across(120, 50, 250),
      across(140, 150, 250),
      down(150, 120, 160),
    ];
    const page = pageWith(
      [
        text(55, 115, 'A title over both'),
        text(55, 144, 'both rows'),
        text(155, 135, 'one'),
        text(155, 155, 'two'),
      ],
      { rulings },
    );
    const [table] = tablesOf(page, settings, usual);
    assert.deepEqual(
      table?.grid.rows.map((row) => row.cells.map((cell) => cell && [cell.text, cell.columns, cell.rows])),
      [
        [['A title over both', 2, 1], undefined],
        [
          ['both rows', 1, 2],
          ['one', 1, 1],
        ],
        [undefined, ['two', 1, 1]],
      ],
    );
  });

  it('have a row for each line of numbers where lines between rows are missing', () => {
    const page = pageWith(
      [
        text(55, 115, 'Item'),
        text(155, 115, 'Price'),
        text(55, 135, 'Bolt'),
        text(155, 135, '1.50'),
        text(55, 150, 'Nut'),
        text(155, 150, '0.25'),
      ],
      { rulings: ruled([50, 150, 250], [100, 120, 155]) },
    );
    assert.deepEqual(tables(page), [
      [
        ['Item', 'Price'],
        ['Bolt', '1.50'],
        ['Nut', '0.25'],
      ],
    ]);
  });

  it('are no frame around text, and no chart', () => {
    const frame = pageWith([text(55, 115, 'Some text'), text(55, 130, 'in a frame')], {
      rulings: ruled([50, 250], [100, 155]),
    });
    assert.deepEqual(tables(frame), []);
    assert.deepEqual(tables(pageWith([], { rulings: ruled([50, 100, 150], [100, 200, 300]) })), []);
  });

  it('stand with free lines in one grid of a page', () => {
    const page = pageWith([text(50, 60, 'A free line over the columns of it'), ...filled], {
      rulings: ruled([50, 150, 250], [100, 120, 155]),
    });
    assert.deepEqual(
      gridOf(page, settings).rows.map((row) => row.cells.map((cell) => cell?.text ?? '')),
      [['A free line over the columns of it', ''], ...rows],
    );
  });

  it('are read turned on a page that is turned, and found where they are shown', () => {
    const page = pageWith(
      [
        text(115, 245, 'Item', { angle: 270 }),
        text(115, 145, 'Note', { angle: 270 }),
        text(135, 245, 'Bolt', { angle: 270 }),
        text(135, 145, 'new', { angle: 270 }),
      ],
      {
        rulings: ruled([100, 120, 155], [50, 150, 250]),
      },
    );
    assert.deepEqual(tables(page), [
      [
        ['Item', 'Note'],
        ['Bolt', 'new'],
      ],
    ]);
    const [table] = tablesOf(page, settings, usual);
    assert.deepEqual([table?.left, table?.top, table?.right, table?.bottom], [100, 50, 155, 250]);
  });
});
