import { escaped } from './markup.ts';
import { main } from './xlsx-parts.ts';
import { type CellFont, ownFormatsFrom, type StyleEntry, type Styles } from './sheet-styles.ts';

/** Of formats that every program has. */
const builtInFormats = new Map([
  ['General', 0],
  ['0', 1],
  ['0.00', 2],
  ['#,##0', 3],
  ['#,##0.00', 4],
  ['0%', 9],
  ['0.00%', 10],
  ['@', 49],
]);

/** The part `styles.xml` of a workbook (ECMA-376, 18.8). */
export function stylesXml({ fonts, formats, fills, entries }: Styles): string {
  const own = formats.list.flatMap((format, place) =>
    builtInFormats.has(format)
      ? []
      : [`<numFmt numFmtId="${ownFormatsFrom + place}" formatCode="${escaped(format, true)}"/>`],
  );
  const list = (name: string, items: readonly string[]) =>
    items.length === 0 ? '' : `<${name} count="${items.length}">${items.join('')}</${name}>`;
  // The first two fills are those that every program takes for none and for grey dots, whatever they say.
  const patterns = fills.list.slice(1).map((color) => {
    const rgb = argbOf(color);
    return `<fill><patternFill patternType="solid"><fgColor rgb="${rgb}"/></patternFill></fill>`;
  });
  const first = ['none', 'gray125'].map((type) => `<fill><patternFill patternType="${type}"/></fill>`);
  return [
    `<styleSheet xmlns="${main}">`,
    list('numFmts', own),
    list('fonts', fonts.list.map(fontXml)),
    list('fills', [...first, ...patterns]),
    `<borders count="2">${['', ' style="thin"'].map(borderXml).join('')}</borders>`,
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
    list(
      'cellXfs',
      entries.list.map((entry) => entryXml(entry, formats.list)),
    ),
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
  ].join('');
}

function fontXml({ family, size, isBold, isItalic, color }: CellFont): string {
  return `<font>${isBold ? '<b/>' : ''}${isItalic ? '<i/>' : ''}<sz val="${size}"/><color rgb="${argbOf(color)}"/><name val="${escaped(family, true)}"/></font>`;
}

function borderXml(style: string): string {
  const sides = ['left', 'right', 'top', 'bottom'].map((side) => `<${side}${style}/>`);
  return `<border>${sides.join('')}<diagonal/></border>`;
}

function entryXml(entry: StyleEntry, formats: readonly string[]): string {
  const { font, fill, format, wraps, isQuoted, print } = entry;
  const number = builtInFormats.get(formats[format] ?? '') ?? ownFormatsFrom + format;
  const uses = [
    `numFmtId="${number}" fontId="${font}" fillId="${fill === 0 ? 0 : fill + 1}" borderId="${print ? 1 : 0}" xfId="0"`,
    ...(number === 0 ? [] : ['applyNumberFormat="1"']),
    ...(font === 0 ? [] : ['applyFont="1"']),
    ...(fill === 0 ? [] : ['applyFill="1"']),
    ...(print ? ['applyBorder="1"'] : []),
    ...(isQuoted ? ['quotePrefix="1"'] : []),
  ].join(' ');
  const side = print?.isRightAligned === true ? 'horizontal="right" ' : '';
  return wraps
    ? `<xf ${uses} applyAlignment="1"><alignment ${side}vertical="top" wrapText="1"/></xf>`
    : `<xf ${uses}/>`;
}

function argbOf(color: string): string {
  return `FF${color.slice(1).toUpperCase()}`;
}
