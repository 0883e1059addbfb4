/** Characters of a name that are looked at. */
const readLength = 200;
/** Spreadsheets take no longer name (ECMA-376, 18.8.29). */
const nameLengthMax = 31;

/**
 * The family that the name of a PDF font stands for: `Times New Roman` of `TimesNewRomanPS-BoldMT`. Letters, digits and blanks alone;
 * empty where nothing is left.
 */
export function familyOf(font: string): string {
  const [name = ''] = font.slice(0, readLength).split(/[-,]/);
  return name
    .replace(/(?:PSMT|PS|MT)$/, '')
    .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .replaceAll(/[^\p{L}\p{N} ]/gu, ' ')
    .replaceAll(/ +/g, ' ')
    .trim()
    .slice(0, nameLengthMax)
    .trim();
}

/** The generic family of CSS Fonts 4, 2.1.3, that comes nearest to a font, by its name. */
export function genericOf(font: string): 'serif' | 'sans-serif' | 'monospace' {
  if (/courier|mono|consol|typewriter|menlo|fixed/i.test(font)) return 'monospace';
  if (/sans|gothic|arial|helvetic/i.test(font)) return 'sans-serif';
  return /times|serif|roman|georgia|garamond|palatin|bookman|schoolbook|minion|cambria|century|caslon|mincho|ming|song|^CM[BRST]/i.test(
    font,
  )
    ? 'serif'
    : 'sans-serif';
}
