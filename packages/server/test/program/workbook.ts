import { type ZipFile, zipOf } from './zip.ts';

/** A sheet of a workbook that is written by hand. */
export interface SheetParts {
  readonly name: string;
  /** XML of its rows. */
  readonly rows: string;
  /** What stands before and behind them. */
  readonly head?: string;
  readonly tail?: string;
  readonly state?: 'hidden' | 'veryHidden';
  /** Relations of the sheet, by their ids. */
  readonly links?: Readonly<Record<string, string>>;
}

/** What else it holds. */
export interface WorkbookParts {
  /** Codes of formats: style 1 has the first. */
  readonly formats?: readonly string[];
  /** XML of the shared texts. */
  readonly texts?: string;
  readonly date1904?: boolean;
  readonly more?: readonly ZipFile[];
}

const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaging = 'http://schemas.openxmlformats.org/package/2006';
const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** XLSX as its parts say. */
export function workbookOf(sheets: readonly SheetParts[], parts: WorkbookParts = {}): Buffer {
  const { formats = [], texts, date1904 = false, more = [] } = parts;
  const names = sheets.map((_, index) => `worksheets/sheet${index + 1}.xml`);
  const types = [
    override('workbook.xml', 'sheet.main'),
    ...names.map((name) => override(name, 'worksheet')),
    override('styles.xml', 'styles'),
    ...(texts === undefined ? [] : [override('sharedStrings.xml', 'sharedStrings')]),
  ];
  const relations = [
    ...names.map((name, index) => relation(`r${index + 1}`, 'worksheet', name)),
    relation('styles', 'styles', 'styles.xml'),
    ...(texts === undefined ? [] : [relation('texts', 'sharedStrings', 'sharedStrings.xml')]),
  ];
  const listed = sheets.map(
    ({ name, state }, index) =>
      `<sheet name="${attribute(name)}" sheetId="${index + 1}"${state === undefined ? '' : ` state="${state}"`} r:id="r${index + 1}"/>`,
  );
  return zipOf([
    {
      name: '[Content_Types].xml',
      data: `<Types xmlns="${packaging}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${types.join('')}</Types>`,
    },
    { name: '_rels/.rels', data: relationsOf([relation('r1', 'officeDocument', 'xl/workbook.xml')]) },
    {
      name: 'xl/workbook.xml',
      data: `<workbook ${main} xmlns:r="${office}">${date1904 ? '<workbookPr date1904="1"/>' : ''}<sheets>${listed.join('')}</sheets></workbook>`,
    },
    { name: 'xl/_rels/workbook.xml.rels', data: relationsOf(relations) },
    { name: 'xl/styles.xml', data: stylesXml(formats) },
    ...(texts === undefined ? [] : [{ name: 'xl/sharedStrings.xml', data: `<sst ${main}>${texts}</sst>` }]),
    ...sheets.flatMap(({ rows, head = '', tail = '', links }, index): ZipFile[] => [
      {
        name: `xl/${names[index]}`,
        data: `<worksheet ${main} xmlns:r="${office}">${head}<sheetData>${rows}</sheetData>${tail}</worksheet>`,
      },
      ...(links === undefined
        ? []
        : [{ name: `xl/worksheets/_rels/sheet${index + 1}.xml.rels`, data: linksXml(links) }]),
    ]),
    ...more,
  ]);
}

/** A cell of text. */
export function textCell(at: string, text: string): string {
  return `<c r="${at}" t="inlineStr"><is><t>${attribute(text)}</t></is></c>`;
}

function stylesXml(formats: readonly string[]): string {
  const codes = formats.map(
    (code, index) => `<numFmt numFmtId="${164 + index}" formatCode="${attribute(code)}"/>`,
  );
  const styles = formats.map((_, index) => `<xf numFmtId="${164 + index}" applyNumberFormat="1"/>`);
  return `<styleSheet ${main}><numFmts count="${formats.length}">${codes.join('')}</numFmts><cellXfs count="${formats.length + 1}"><xf numFmtId="0"/>${styles.join('')}</cellXfs></styleSheet>`;
}

function linksXml(links: Readonly<Record<string, string>>): string {
  return relationsOf(
    Object.entries(links).map(
      ([id, target]) =>
        `<Relationship Id="${id}" Type="${office}/hyperlink" Target="${attribute(target)}" TargetMode="External"/>`,
    ),
  );
}

function override(name: string, type: string): string {
  return `<Override PartName="/xl/${name}" ContentType="${kind}.${type}+xml"/>`;
}

function relation(id: string, type: string, target: string): string {
  return `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;
}

function relationsOf(all: readonly string[]): string {
  return `<Relationships xmlns="${packaging}/relationships">${all.join('')}</Relationships>`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
