/** The parts of a workbook that say where the others are (ECMA-376, part 2 and 18.2). */
export const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaging = 'http://schemas.openxmlformats.org/package/2006';
const office = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Of a sheet by its number, from 1, as the workbook sees it. */
export function sheetName(number: number): string {
  return `worksheets/sheet${number}.xml`;
}

export const rootRelations = relationsOf([['officeDocument', 'xl/workbook.xml']]);

/** Sheets come first, so that their ids are their numbers. */
export function sheetRelations(count: number): string {
  const sheets = numbers(count).map((number) => ['worksheet', sheetName(number)] as const);
  return relationsOf([...sheets, ['styles', 'styles.xml']]);
}

/** `names` need no escape. Of the sheets at `repeating`, from 0, the first row is printed again on each page (18.2.5). */
export function workbookXml(names: readonly string[], repeating: readonly number[]): string {
  const sheets = names.map(
    (name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  const titles = repeating.map(
    (at) => `<definedName name="_xlnm.Print_Titles" localSheetId="${at}">'${names[at]}'!$1:$1</definedName>`,
  );
  const defined = titles.length === 0 ? '' : `<definedNames>${titles.join('')}</definedNames>`;
  return `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${sheets.join('')}</sheets>${defined}</workbook>`;
}

export function contentTypes(count: number): string {
  const part = (name: string, kind: string) =>
    `<Override PartName="/xl/${name}" ContentType="${office}.${kind}+xml"/>`;
  return [
    `<Types xmlns="${packaging}/content-types">`,
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    '<Default Extension="xml" ContentType="application/xml"/>',
    part('workbook.xml', 'sheet.main'),
    ...numbers(count).map((number) => part(sheetName(number), 'worksheet')),
    part('styles.xml', 'styles'),
    '</Types>',
  ].join('');
}

function relationsOf(all: readonly (readonly [kind: string, target: string])[]): string {
  const each = all.map(
    ([kind, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${relations}/${kind}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${packaging}/relationships">${each.join('')}</Relationships>`;
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
