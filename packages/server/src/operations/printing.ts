import * as z from 'zod';
import type { BrowsingSettings, PrintSettings, WebPage } from '../engines/capabilities.ts';
import { Failure } from '../errors.ts';
import { type Field, field, readFields, type Source, type Values } from './fields.ts';
import type { Outcome, Tools } from './operation.ts';
import { readLengths, unitNames } from './lengths.ts';
import { oneText } from './value-schemas.ts';

type Paper = PrintSettings['paper'];
type Margins = PrintSettings['margins'];

const millimetre = 72 / 25.4;
const inch = 72;
/** Points, as they stand. */
const papers: Readonly<Record<string, Paper>> = {
  Letter: { width: 8.5 * inch, height: 11 * inch },
  Legal: { width: 8.5 * inch, height: 14 * inch },
  Tabloid: { width: 11 * inch, height: 17 * inch },
  Ledger: { width: 17 * inch, height: 11 * inch },
  A0: { width: 841 * millimetre, height: 1189 * millimetre },
  A1: { width: 594 * millimetre, height: 841 * millimetre },
  A2: { width: 420 * millimetre, height: 594 * millimetre },
  A3: { width: 297 * millimetre, height: 420 * millimetre },
  A4: { width: 210 * millimetre, height: 297 * millimetre },
  A5: { width: 148 * millimetre, height: 210 * millimetre },
  A6: { width: 105 * millimetre, height: 148 * millimetre },
};
const paperNames = Object.keys(papers);
const usual: Paper = { width: 210 * millimetre, height: 297 * millimetre };
const none: Margins = { top: 0, right: 0, bottom: 0, left: 0 };

/** Points of a side of paper: a smaller one has no room for a letter, a larger one readers do not show. */
const sideMin = 10;
const sideMax = 14_400;
/** Of what has to fit between the margins. */
const roomMin = 5;
/** Characters of the HTML of a head or a foot, which may hold a picture, and of a script. */
const markupMax = 256 * 1024;
const renderMsMax = 600_000;
/** Pixels of the window of a page of which a picture is made. */
const pictureWidth = 1_280;

/** Fields of all that prints pages of its own. */
export const paperFields = {
  margins: marginsField(),
  paperSize: paperField(),
  orientation: field.choice(
    'How the paper lies; `Landscape` lays its longer side across.',
    ['Portrait', 'Landscape'],
    'Portrait',
  ),
  header: longText(
    'HTML of the head of each page, within the upper margin. Elements of the classes `date`, `title`, `url`, `pageNumber`, `totalPages` are filled in. Pictures have to be data URIs.',
  ),
  footer: longText('HTML of the foot of each page, within the lower margin; the same classes.'),
};

/** The fields of all that prints a page of the web. */
export const printingFields = {
  ...paperFields,
  printBackground: field.boolean('Print background colours and pictures.', true),
  mediaType: field.choice(
    'The CSS media that counts; `none` leaves it to the browser, which takes `print` for PDF.',
    ['print', 'screen', 'none'],
    'print',
  ),
  DoNotWaitFullLoad: field.boolean(
    'Print as soon as the page itself is there, without waiting for what it loads.',
    false,
  ),
  renderTimeout: field.integer(
    'The longest wait for the page and what it loads, in milliseconds; what is there by then is printed. 0 leaves it to the server.',
    { min: 0, max: renderMsMax, absent: 0 },
  ),
  customScript: longText('JavaScript that runs in the page once it is loaded.'),
  legacyRendition: field.boolean('Taken, and without effect.', false),
};

/** The page that is opened. */
export const pageSource = field.source('Link to the page; or to HTML that was uploaded, or a file part.');

/** Data of a template. */
export const templateData: Field<Source | undefined> = textSource(
  'Data of a template, as the text of JSON, or of CSV with a line of names above a line of values: the HTML is filled in with it by Handlebars.',
  'JSON text, or CSV text with a line of names',
);

/** A text that is kept as a file, or the link of one. */
export function textSource(about: string, expected: string): Field<Source | undefined> {
  return {
    ...field.optional(field.source(about)),
    expected,
    alsoNamed: [],
    required: false,
    textIsFile: 'text',
  };
}

/** The keys of `profiles` of all that prints a page of the web. */
export const printingProfiles = {
  CustomScript: longText('The same as the field `customScript`, and after it.'),
};

type Fields = Values<typeof printingFields>;
type Profiles = Values<typeof printingProfiles>;

/** What a call has that says nothing. */
const plain = readFields(printingFields, new Map());

/**
 * What a call asks for of the printing of a page; what is left out is as in a call that does not say it. Throws the Failure
 * `fieldInvalid` for margins that leave nothing of the paper.
 */
export function printSettings(
  given: Partial<Fields>,
  profiles: Partial<Profiles> = {},
): { readonly browsing: BrowsingSettings; readonly print: PrintSettings } {
  const fields = { ...plain, ...given };
  const { margins = none, header, footer } = fields;
  const paper = lay(fields.paperSize ?? usual, fields.orientation === 'Landscape');
  if (
    paper.width - margins.left - margins.right < roomMin ||
    paper.height - margins.top - margins.bottom < roomMin
  )
    throw new Failure('fieldInvalid', { field: 'margins', expected: 'less than the size of the paper' });
  return {
    browsing: {
      media: fields.mediaType,
      waitsForAll: !fields.DoNotWaitFullLoad,
      loadMsMax: fields.renderTimeout === 0 ? undefined : fields.renderTimeout,
      script: [fields.customScript, profiles.CustomScript ?? ''].filter((one) => one !== '').join('\n;\n'),
    },
    print: {
      paper,
      // Who asks for a paper means it.
      heedsPageSize: fields.paperSize === undefined && fields.orientation === 'Portrait',
      margins,
      background: fields.printBackground,
      header,
      footer,
    },
  };
}

/** Prints a page as a call asks for it. */
export async function printPage(
  page: WebPage,
  { profiles, ...fields }: Fields & { readonly profiles: Profiles },
  { engine }: Pick<Tools, 'engine'>,
): Promise<Outcome> {
  return engine('web.to-pdf', { page, ...printSettings(fields, profiles) });
}

/** Makes a picture of a page. */
export async function picturePage(
  as: 'png' | 'jpg',
  { url, profiles }: { readonly url: Source; readonly profiles: Profiles },
  { engine, page }: Pick<Tools, 'engine' | 'page'>,
): Promise<Outcome> {
  const { browsing } = printSettings({ mediaType: 'screen' }, profiles);
  return engine('web.to-picture', { page: await page(url), browsing, as, width: pictureWidth });
}

function lay(paper: Paper, isLandscape: boolean): Paper {
  const { width, height } = paper;
  return isLandscape ? { width: Math.max(width, height), height: Math.min(width, height) } : paper;
}

function marginsField(): Field<Margins | undefined> {
  return {
    ...field.text(
      `Margins as in CSS: one length for all sides, or up to four (top right bottom left), such as \`5mm\` or \`40px 20px 20px 20px\`; in ${unitNames}, pixels where none is named. None where it is empty.`,
    ),
    expected: `1 to 4 lengths (top right bottom left) in ${unitNames}, such as 5mm or 40px 20px 20px 20px`,
    schema: oneText
      .transform((text) => marginsOf(readLengths(text)))
      .pipe(z.custom<Margins | undefined>((margins) => margins !== null)),
  };
}

/** Null for what are no margins. */
function marginsOf(lengths: readonly number[] | undefined): Margins | undefined | null {
  if (lengths === undefined || lengths.length > 4) return null;
  const [top, right = top, bottom = top, left = right] = lengths;
  if (top === undefined || right === undefined || bottom === undefined || left === undefined)
    return undefined;
  return { top, right, bottom, left };
}

function paperField(): Field<Paper | undefined> {
  const names = paperNames.join(', ');
  return {
    ...field.text(
      `Size of the paper: ${names}, in any letter case, or its width and height, such as \`200mm 300mm\`; in ${unitNames}, pixels where none is named. Where it is empty, what the page asks for by \`@page\`, else A4.`,
    ),
    expected: `one of ${names}, or width and height in ${unitNames}, such as 200mm 300mm`,
    schema: oneText.transform(paperOf).pipe(z.custom<Paper | undefined>((paper) => paper !== null)),
    wire: { type: 'string', default: 'A4' },
  };
}

/** Null for what is no paper. */
function paperOf(text: string): Paper | undefined | null {
  const asked = text.trim().toLowerCase();
  if (asked === '') return undefined;
  const name = paperNames.find((one) => one.toLowerCase() === asked);
  if (name !== undefined) return papers[name] ?? null;
  const [width, height, more] = readLengths(asked) ?? [];
  if (width === undefined || height === undefined || more !== undefined) return null;
  return [width, height].every((side) => side >= sideMin && side <= sideMax) ? { width, height } : null;
}

function longText(about: string): Field<string> {
  return {
    ...field.text(about),
    expected: `text of at most ${markupMax} characters`,
    schema: z
      .array(z.unknown())
      .transform((values) => values.at(-1) ?? '')
      .pipe(z.string().max(markupMax)),
  };
}
