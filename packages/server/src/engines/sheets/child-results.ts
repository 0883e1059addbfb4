/** Ways in which a formula stands without what came of it: as programs write that do not calculate. */
const marks = ['</f></c>', '</f><v></v>', '</f><v/>', '</f><v />'].map((mark) => Buffer.from(mark));
/** A cell with a formula and without a value; one that says that it is a text may be an empty one. */
const cell =
  /<c(?=[\s>])(?![^>]*\bt=["']str["'])[^>]*>\s*<f[^>]*>[^<]*<\/f>\s*(?:<v>\s*<\/v>|<v\s*\/>)?\s*<\/c>/;

/** Whether a sheet of XLSX has formulas whose results the file does not hold. */
export function lacksResults(sheet: Buffer): boolean {
  return marks.some((mark) => sheet.includes(mark)) && cell.test(sheet.toString('latin1'));
}
