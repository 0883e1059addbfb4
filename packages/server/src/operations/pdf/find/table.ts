import type { FoundTable } from '../../../engines/capabilities.ts';
import { field } from '../../fields.ts';
import { defineOperation } from '../../operation.ts';
import { readingFields, readingProfiles, readingSettings, withDocument } from '../../reading.ts';

const count = (about: string, absent: number) => field.integer(about, { min: 0, max: 10_000, absent });

export default defineOperation({
  path: '/pdf/find/table',
  group: 'Information and search',
  title: 'Find tables',
  about:
    '`tables`: each with `PageIndex` from 0, `X`, `Y`, `Width` and `Height` in points from the upper left corner of the page, the left sides of its `Columns`, and `rect`, which fits the field `rect` of the converters.',
  makes: 'json',
  answers: { member: 'body' },
  fields: { url: readingFields.url, pages: readingFields.pages },
  profiles: {
    ...readingProfiles,
    Mode: field.text('Taken, and without effect: there is one way to find tables.'),
    DetectionMinNumberOfRows: count('Rows that a table has at least.', 1),
    DetectionMinNumberOfColumns: count('Columns that a table has at least.', 1),
    DetectionMaxNumberOfInvalidSubsequentRowsAllowed: count(
      'Rows that do not fit, and do not end a table.',
      0,
    ),
    DetectionMinNumberOfLineBreaksBetweenTables: count('Empty lines that part tables; 0: as lines stand.', 0),
    EnhanceTableBorders: field.boolean('Close gaps in lines first.', false),
  },
  examples: [
    {
      title: 'A table of three rows',
      request: { url: 'sample:table.pdf' },
      expect: { pageCount: 1, body: { tables: [{ PageIndex: 0 }] } },
    },
  ],
  async run({ url, pages, profiles }, tools) {
    const settings = readingSettings({}, profiles);
    const wanted = {
      rowsMin: profiles.DetectionMinNumberOfRows,
      columnsMin: profiles.DetectionMinNumberOfColumns,
      oddRowsMax: profiles.DetectionMaxNumberOfInvalidSubsequentRowsAllowed,
      emptyLinesBetween: profiles.DetectionMinNumberOfLineBreaksBetweenTables,
      mendsBorders: profiles.EnhanceTableBorders,
    };
    const { made, warnings } = await withDocument(url, tools, (document) =>
      tools.engine('pdf.find-tables', { document, pages, settings, tables: wanted }),
    );
    const { tables, pageCount } = made;
    return { body: { tables: tables.map(told) }, pageCount, warnings: [...warnings, ...made.warnings] };
  },
});

function told({ pageIndex, left: X, top: Y, width: Width, height: Height, columns: Columns }: FoundTable) {
  return { PageIndex: pageIndex, X, Y, Width, Height, Columns, rect: [X, Y, Width, Height].join(', ') };
}
