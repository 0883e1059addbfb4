import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure } from '../../src/errors.ts';
import { FieldList, readMembers } from '../../src/operations/field-list.ts';
import { readFields } from '../../src/operations/fields.ts';
import {
  readingFields,
  readingProfiles,
  readingSettings,
  readingWarnings,
} from '../../src/operations/reading.ts';

function read(fields: object, profiles: object = {}) {
  const [given, keys] = [new FieldList(), new FieldList()];
  readMembers({ url: 'http://a/1.pdf', ...fields }, given);
  readMembers(profiles, keys);
  const known = readFields(readingProfiles, keys.all());
  const settings = readingSettings(readFields(readingFields, given.all()), known);
  return { ...settings, warnings: readingWarnings(known) };
}

describe('the settings of reading', () => {
  it('are those of the original where nothing is said', () => {
    assert.deepEqual(read({}), {
      area: undefined,
      rotation: 0,
      invisibleText: true,
      shadowText: true,
      annotations: true,
      heedsPermissions: true,
      lineGrouping: 'none',
      unwrap: false,
      columnDetection: 'content-and-borders',
      columnGap: 1,
      columnEdges: [],
      columnByColumn: false,
      trimSpaces: true,
      shrinkSpaces: false,
      keepsLayout: true,
      removesHyphens: true,
      warnings: [],
    });
  });

  const cases: readonly (readonly [title: string, fields: object, profiles: object, expected: object])[] = [
    [
      'a part of the page with blanks',
      { rect: '10 20 300 400' },
      {},
      { area: { left: 10, top: 20, width: 300, height: 400 } },
    ],
    [
      'with commas and decimals',
      { rect: ' 51.8, 114.8,235.5 ,204.0' },
      {},
      { area: { left: 51.8, top: 114.8, width: 235.5, height: 204 } },
    ],
    ['as a list', { rect: [0, 0, 5, '6'] }, {}, { area: { left: 0, top: 0, width: 5, height: 6 } }],
    ['lines grouped by the field', { lineGrouping: '1' }, {}, { lineGrouping: 'rows' }],
    ['by its number', { lineGrouping: 3 }, {}, { lineGrouping: 'orphans' }],
    ['by the profile', {}, { LineGroupingMode: 'groupbycolumns' }, { lineGrouping: 'columns' }],
    [
      'by both, of which the field counts',
      { lineGrouping: 'GroupByRows' },
      { LineGroupingMode: 2 },
      { lineGrouping: 'rows' },
    ],
    ['wrapped lines joined by the field', { unwrap: 'True' }, {}, { unwrap: true }],
    ['by the profile, as text', {}, { Unwrap: 'True' }, { unwrap: true }],
    ['pages turned', {}, { RotationAngle: '3' }, { rotation: 270 }],
    [
      'columns by lines',
      {},
      { ColumnDetectionMode: 'BorderedTables' },
      { columnDetection: 'bordered-tables' },
    ],
    ['wider gaps', {}, { DetectNewColumnBySpacesRatio: '1.2' }, { columnGap: 1.2 }],
    [
      'columns at places, in any order and once',
      {},
      { CustomExtractionColumns: [0, 150, 50, 50] },
      { columnEdges: [0, 50, 150] },
    ],
    ['the same as text', {}, { CustomExtractionColumns: '[ 0, 50 ]' }, { columnEdges: [0, 50] }],
    [
      'switches as texts',
      {},
      { TrimSpaces: 'False', PreserveFormattingOnTextExtraction: 'false', CheckPermissions: false },
      { trimSpaces: false, keepsLayout: false, heedsPermissions: false },
    ],
    [
      'recognition, with a warning',
      { lang: 'eng+deu' },
      { OCRMode: 'auto', OCRLanguage: 'eng', OCRResolution: '300' },
      { warnings: ['profiles: OCRMode is not heeded: text in pictures is not recognised here yet.'] },
    ],
  ];
  for (const [title, fields, profiles, expected] of cases) {
    it(`take ${title}`, () => {
      assert.partialDeepStrictEqual(read(fields, profiles), expected);
    });
  }

  for (const rect of ['1 2 3', '1 2 3 4 5', '0 0 0 10', '0 0 10 -1', 'a b c d', '1e9 0 5 5', 'NaN 0 5 5']) {
    it(`refuse the part "${rect}" of a page, and say what is one`, () => {
      assert.throws(
        () => read({ rect }),
        (error: unknown) => error instanceof Failure && /"rect".*x y width height/.test(error.message),
      );
    });
  }
  for (const [key, value] of [
    ['RotationAngle', 4],
    ['DetectNewColumnBySpacesRatio', 'wide'],
    ['CustomExtractionColumns', Array.from({ length: 201 }, (_, index) => index)],
    ['LineGroupingMode', 'Rows'],
  ] as const) {
    it(`refuse ${key} that does not fit, by its name`, () => {
      assert.throws(
        () => read({}, { [key]: value }),
        (error: unknown) => error instanceof Failure && error.message.includes(key),
      );
    });
  }
});
