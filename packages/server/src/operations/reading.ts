import type { Area, FileHandle, ReadingOutput, ReadingSettings } from '../engines/capabilities.ts';
import { Failure, type FailureName } from '../errors.ts';
import { type Field, field, readFields, type Source, type Values } from './fields.ts';
import type { Answers, Outcome, Tools } from './operation.ts';

/** A part of a page. */
const rect: Field<Area | undefined> = areaField();

/** In any letter case, by name or by number. */
const groupings = {
  None: 'none',
  GroupByRows: 'rows',
  GroupByColumns: 'columns',
  JoinOrphanedRows: 'orphans',
  0: 'none',
  1: 'rows',
  2: 'columns',
  3: 'orphans',
} as const;
const groupingNames = ['None', 'GroupByRows', 'GroupByColumns', 'JoinOrphanedRows'] as const;
const groupingNumbers = ['0', '1', '2', '3'] as const;

const detections = {
  ContentGroupsAndBorders: 'content-and-borders',
  ContentGroups: 'content',
  Borders: 'borders',
  BorderedTables: 'bordered-tables',
} as const;

/** The fields of all that reads what stands on pages. */
export const readingFields = {
  url: field.source('Link to the PDF; or a file part named `file`.'),
  pages: field.pages('Pages, from 0: `0-2,5-,!0`, where `!0` is the last; all where it is empty.', {
    first: 0,
  }),
  rect,
  lang: field.text(
    'Languages of text recognition, `eng+deu`. Taken, and without effect: nothing is recognised yet.',
  ),
  lineGrouping: field.choice(
    'Which lines of a table become one row: none (`0`); those without text in the first column join the row above (`1`); those that stand below each other in a column (`2`); those that stand alone (`3`).',
    [...groupingNumbers, ...groupingNames],
    '0',
  ),
  unwrap: field.boolean('Join the lines of one cell by a blank instead of a line break.', false),
};

/** The fields of those whose result is text, which may stand in the answer. */
export const textFields = {
  ...readingFields,
  inline: field.boolean(
    'Answer with the result itself in `body`, not with a link in `url`, unless it is longer than 16 MB.',
    false,
  ),
};

/** Where the answer to such a call has its result. */
export function inBody({ inline }: { readonly inline: boolean }): Answers {
  return inline ? { member: 'body' } : 'url';
}

const ocrModes = [
  'Off',
  'Auto',
  'TextFromImagesOnly',
  'TextFromVectorsOnly',
  'TextFromImagesAndFonts',
  'TextFromImagesAndVectorsOnly',
  'TextFromImagesAndVectorsAndFonts',
  'TextFromRepairedFontsOnly',
  'TextFromImagesAndRepairedFonts',
  'TextFromImagesAndVectorsAndRepairedFonts',
] as const;

/** The keys of `profiles` of all that reads what stands on pages. */
export const readingProfiles = {
  ExtractInvisibleText: field.boolean('Text too that is drawn and not seen, as under a scan.', true),
  ExtractShadowLikeText: field.boolean('Text too that is drawn twice, a little apart, as a shadow.', true),
  ExtractAnnotations: field.boolean('Text of annotations and form fields too.', true),
  CheckPermissions: field.boolean('Refuse a document that forbids that its text is taken out.', true),
  RotationAngle: field.integer('Turns clockwise by 90 degrees before pages are read.', {
    min: 0,
    max: 3,
    absent: 0,
  }),
  LineGroupingMode: field.choice(
    'The same as the field `lineGrouping`.',
    [...groupingNames, ...groupingNumbers],
    'None',
  ),
  Unwrap: field.boolean('The same as the field `unwrap`.', false),
  ColumnDetectionMode: field.choice(
    'What makes a column: gaps in the text and lines, gaps alone, lines alone, or tables alone that have all their lines.',
    ['ContentGroupsAndBorders', 'ContentGroups', 'Borders', 'BorderedTables'],
    'ContentGroupsAndBorders',
  ),
  DetectNewColumnBySpacesRatio: field.number('How much wider than usual a gap has to be to make a column.', {
    min: 0,
    max: 1_000,
    absent: 1,
  }),
  CustomExtractionColumns: field.numbers('Left sides of the columns in points; none are looked for then.', {
    expected: 'a list of at most 200 numbers, such as [0, 50, 150]',
    max: 200,
  }),
  extractColumnByColumn: field.boolean(
    'Read columns as of a newspaper one after the other; of text alone, where they are then not kept beside each other.',
    false,
  ),
  ShrinkMultipleSpaces: field.boolean(
    'Taken, and without effect: cells never hold several blanks one after another.',
    false,
  ),
  TrimSpaces: field.boolean('Taken, and without effect: cells and lines have no blanks at their ends.', true),
  PreserveFormattingOnTextExtraction: field.boolean('Text keeps its place by blanks.', true),
  removeHyphenation: field.boolean(
    'Join words that are divided at the end of a line, where lines are joined.',
    true,
  ),
  OCRMode: field.choice('Taken, and without effect: nothing is recognised yet.', ocrModes, 'Off'),
  OCRLanguage: field.text('Taken, and without effect.'),
  OCRResolution: field.number('Taken, and without effect.', { min: 0, max: 10_000, absent: 300 }),
};

type Fields = Omit<Values<typeof readingFields>, 'url' | 'pages'>;
type Profiles = Values<typeof readingProfiles>;

const { url: _url, pages: _pages, ...settingFields } = readingFields;
/** What a call has that says nothing. */
const plain = {
  fields: readFields(settingFields, new Map()),
  profiles: readFields(readingProfiles, new Map()),
};

/**
 * What a call asks for of the reading of pages; what is left out is as in a call that does not say it. Where a field and a key of
 * `profiles` mean the same, either is enough; the field comes first.
 */
export function readingSettings(
  givenFields: Partial<Fields>,
  givenProfiles: Partial<Profiles>,
): ReadingSettings {
  const fields = { ...plain.fields, ...givenFields };
  const profiles = { ...plain.profiles, ...givenProfiles };
  const grouping = groupings[fields.lineGrouping];
  return {
    area: fields.rect,
    rotation: ([0, 90, 180, 270] as const)[profiles.RotationAngle] ?? 0,
    invisibleText: profiles.ExtractInvisibleText,
    shadowText: profiles.ExtractShadowLikeText,
    annotations: profiles.ExtractAnnotations,
    heedsPermissions: profiles.CheckPermissions,
    lineGrouping: grouping === 'none' ? groupings[profiles.LineGroupingMode] : grouping,
    unwrap: fields.unwrap || profiles.Unwrap,
    columnDetection: detections[profiles.ColumnDetectionMode],
    columnGap: profiles.DetectNewColumnBySpacesRatio,
    columnEdges: [...new Set(profiles.CustomExtractionColumns)].toSorted((one, other) => one - other),
    columnByColumn: profiles.extractColumnByColumn,
    trimSpaces: profiles.TrimSpaces,
    shrinkSpaces: profiles.ShrinkMultipleSpaces,
    keepsLayout: profiles.PreserveFormattingOnTextExtraction,
    removesHyphens: profiles.removeHyphenation,
  };
}

/** What of a call is not heeded, as its client hears it. */
export function readingWarnings({ OCRMode }: Profiles): readonly string[] {
  return OCRMode === 'Off'
    ? []
    : [`profiles: OCRMode is not heeded: text in pictures is not recognised here yet.`];
}

/** Writes the pages of a document as `output`. */
export async function read(
  output: ReadingOutput,
  call: Values<typeof readingFields> & { readonly profiles: Profiles },
  tools: Reach,
): Promise<Outcome> {
  const { pages, profiles } = call;
  const settings = readingSettings(call, profiles);
  const { made, warnings } = await withDocument(call.url, tools, (document) =>
    tools.engine('pdf.read', { document, pages, settings, output }),
  );
  return { ...made, warnings: [...readingWarnings(profiles), ...warnings, ...made.warnings] };
}

type Reach = Pick<Tools, 'fetch' | 'engine'>;

/** Failures of what is a picture for certain. */
const ofPictures: readonly FailureName[] = ['pictureDamaged', 'documentTooComplex'];

/**
 * Does something with the document behind a source. What is no document may be a picture: it becomes one, of pages without text. That is
 * asked last, as a picture says what it is by its bytes alone, and most sources are documents.
 */
export async function withDocument<Made>(
  source: Source,
  { fetch, engine }: Reach,
  use: (document: FileHandle) => Promise<Made>,
): Promise<{ readonly made: Made; readonly warnings: readonly string[] }> {
  const file = await fetch(source);
  try {
    return { made: await use(file), warnings: [] };
  } catch (error) {
    if (!(error instanceof Failure && error.row === 'documentDamaged')) throw error;
    const document = await engine('pictures.to-pdf', { pictures: [file] }).catch((other: unknown) => {
      throw other instanceof Failure && !ofPictures.includes(other.row) ? error : other;
    });
    const warning = 'The source is a picture: it became a document, of which no text is recognised yet.';
    return { made: await use(document.file), warnings: [warning, ...document.warnings] };
  }
}

function areaField(): Field<Area | undefined> {
  const numbers = field.numbers(
    'Part of each page: `x y width height` in points from its upper left corner, with blanks or commas between; all of it where it is empty.',
    { expected: '4 numbers, x y width height, such as 10 20 300 400; width and height above 0', max: 4 },
  );
  const isArea = (values: readonly number[]) =>
    values.length === 0 || (values.length === 4 && (values[2] ?? 0) > 0 && (values[3] ?? 0) > 0);
  return {
    ...numbers,
    schema: numbers.schema.refine(isArea).transform((values) => {
      const [left, top, width, height] = values;
      if (left === undefined || top === undefined || width === undefined || height === undefined)
        return undefined;
      return { left, top, width, height };
    }),
  };
}
