import type { ReadingSettings } from '../../capabilities.ts';
import { asShown, blocksOf, uprightOf } from '../layout/layout.ts';
import type { Word } from '../layout/model.ts';
import type { Box, FieldValue, Page, Picture, Ruling, Style } from '../page.ts';
import { around, backgroundOf, isLight } from './background.ts';
import { genericOf } from './fonts.ts';
import { hrefOf } from './html-links.ts';
import { stacks, widthOf } from './html-widths.ts';
import { escaped } from '../../writing/markup.ts';
import type { Out } from '../../writing/out.ts';
import type { OpenPage } from './writer.ts';

/** Where a page goes, and what it is asked for. */
interface Target {
  readonly out: Out;
  readonly open: OpenPage;
  readonly warn: (text: string) => void;
}

/** A word is made wider or narrower where it differs by more than that part of its width. */
const stretchFrom = 0.01;
/** What does not fit into these bounds is no width of a word, but something else, such as a tab. */
const stretchBounds = [0.3, 3] as const;
/** Bytes that become base64 at a time: a multiple of 3. */
const base64Piece = 48 * 1024;

/** A page as it looks: fills, pictures, lines, text and marks of its fields one above the other, in points. */
export async function shownPage(page: Page, settings: ReadingSettings, target: Target): Promise<void> {
  const { out } = target;
  const { width, height, index, fills, pictures, rulings } = page;
  const size = `width:${points(width)};height:${points(height)}`;
  out.write(`<section id="page${index + 1}" style="${size}">\n`);
  drawing(
    fills.map((fill) => [fill.color, boxPath(fill)]),
    page,
    out,
  );
  for (const picture of pictures) await image(picture, page, target);
  const marks = page.fields.filter(({ isOn }) => isOn).map((field) => ['#000000', markOf(field)] as const);
  drawing([...rulings.map((ruling) => [ruling.color, boxPath(boxOf(ruling))] as const), ...marks], page, out);
  const switches = page.fields.filter(({ kind }) => kind === 'check-box' || kind === 'radio-button');
  for (const words of linesAsShown(page, settings)) text(words, page, switches, out);
  for (const link of page.links) {
    const href = hrefOf(link);
    if (href !== undefined) out.write(`<a href="${escaped(href, true)}" style="${placeOf(link)}"></a>\n`);
  }
  out.write('</section>\n');
}

/** Shapes in one picture of lines, each with its colour; those of one colour that follow each other are one shape. */
function drawing(
  shapes: readonly (readonly [color: string, path: string])[],
  { width, height }: Page,
  out: Out,
): void {
  if (shapes.length === 0) return;
  out.write(`<svg width="${width}pt" height="${height}pt" viewBox="0 0 ${width} ${height}">`);
  let last = '';
  for (const [color, path] of shapes) {
    if (color !== last) out.write(`${last === '' ? '' : '"/>'}<path fill="${escaped(color, true)}" d="`);
    out.write(path);
    last = color;
  }
  out.write('"/></svg>\n');
}

function boxPath({ left, top, right, bottom }: Box): string {
  return `M${round(left)} ${round(top)}H${round(right)}V${round(bottom)}H${round(left)}z`;
}

function boxOf({ isVertical, at, from, to, thickness }: Ruling): Box {
  const [low, high] = [at - thickness / 2, at + thickness / 2];
  return isVertical
    ? { left: low, right: high, top: from, bottom: to }
    : { left: from, right: to, top: low, bottom: high };
}

/** A cross in a check box, and a disc in a radio button, as their appearances are not a part of what is read of a page. */
function markOf({ left, top, right, bottom, kind }: FieldValue): string {
  const [width, height] = [right - left, bottom - top];
  const at = (x: number, y: number) => `${round(left + x * width)} ${round(top + y * height)}`;
  if (kind === 'radio-button') {
    const radius = `${round(width / 4)} ${round(height / 4)} 0 1 0`;
    return `M${at(0.25, 0.5)}A${radius} ${at(0.75, 0.5)}A${radius} ${at(0.25, 0.5)}z`;
  }
  return `M${at(0.2, 0.5)}L${at(0.3, 0.4)}L${at(0.45, 0.6)}L${at(0.75, 0.2)}L${at(0.85, 0.3)}L${at(0.45, 0.8)}z`;
}

async function image(picture: Picture, { index }: Page, { out, open, warn }: Target): Promise<void> {
  const packed = await open.picture(picture, 'png');
  if (packed === undefined) {
    warn(`A picture of page ${index} could not be read, and is left out.`);
    return;
  }
  out.write(`<img alt="" style="${placeOf(picture)}" src="data:image/${packed.format};base64,`);
  for (let at = 0; at < packed.bytes.length; at += base64Piece)
    out.write(Buffer.from(packed.bytes.subarray(at, at + base64Piece)).toString('base64'));
  out.write('">\n');
}

/** Words of each line in the order in which they are read, where they stand on the page. */
function linesAsShown(page: Page, settings: ReadingSettings): Word[][] {
  const upright = uprightOf(page);
  const shown = (word: Word): Word => ({
    ...word,
    ...asShown(word, upright),
    angle: (word.angle + upright.turn) % 360,
    glyphs: word.glyphs.map((glyph) => {
      const { left: x, top: y } = asShown(
        { left: glyph.x, right: glyph.x, top: glyph.y, bottom: glyph.y },
        upright,
      );
      return { ...glyph, x, y };
    }),
  });
  const lines = blocksOf(page, settings).flatMap((block) => block.lines.map(({ words }) => [...words]));
  return upright.turn === 0 ? lines : lines.map((words) => words.map(shown));
}

/** A line as a paragraph, with its words in their places. */
function text(line: readonly Word[], page: Page, switches: readonly FieldValue[], out: Out): void {
  const words = line.filter((word) => around(word, switches) === undefined);
  const [first] = words;
  if (first === undefined) return;
  const style = page.styles[first.style];
  const spans = words.map((word, index) => spanOf(word, page, first, index === words.length - 1));
  out.write(`<p style="top:${points(placed(first).y)};${fontOf(style)}">${spans.join('')}</p>\n`);
}

/** A word, relative to the paragraph that begins with `first`; a blank behind it, where it is not the last. */
function spanOf(word: Word, page: Page, first: Word, isLast: boolean): string {
  const style = page.styles[word.style];
  const { x, y } = placed(word);
  const transforms = [
    ...(word.angle === 0 ? [] : [`rotate(${round(word.angle)}deg)`]),
    ...(style === undefined ? [] : stretchOf(word, style)),
  ];
  const rise = y - placed(first).y;
  const rules = [
    `left:${points(x)}`,
    ...(Math.abs(rise) < 0.05 ? [] : [`top:calc(${points(rise)} - 1em)`]),
    ...(transforms.length === 0 ? [] : [`transform:${transforms.join(' ')}`]),
    ...(word.style === first.style ? [] : [fontOf(style)]),
    ...(style !== undefined && isLost(word, style, page) ? ['text-shadow:0 0 .1em #000'] : []),
  ];
  return `<span style="${rules.join(';')}">${escaped(word.text)}${isLast ? '' : ' '}</span>`;
}

/** Light letters that stand on something that is not known, as a drawing. */
function isLost(word: Word, { color, isInvisible }: Style, page: Page): boolean {
  if (isInvisible || !isLight(color) || backgroundOf(word, page) !== undefined) return false;
  return around(word, page.pictures) === undefined;
}

/** Where its first glyph sits on its baseline. */
function placed({ glyphs, left, baseline }: Word): { readonly x: number; readonly y: number } {
  const [first] = glyphs;
  return first === undefined ? { x: left, y: baseline } : { x: first.x, y: first.y };
}

function stretchOf(word: Word, style: Style): string[] {
  const shown = word.angle % 180 === 0 ? word.right - word.left : word.bottom - word.top;
  const usual = word.angle % 90 === 0 ? widthOf(word.text, style) : undefined;
  if (usual === undefined || usual === 0) return [];
  const ratio = shown / usual;
  const isOdd = ratio < stretchBounds[0] || ratio > stretchBounds[1];
  return isOdd || Math.abs(ratio - 1) < stretchFrom ? [] : [`scaleX(${ratio.toFixed(3)})`];
}

/** What is there and not seen can be selected, as in a reader of PDF. */
function fontOf(style: Style | undefined): string {
  if (style === undefined) return '';
  const { font, size, isBold, isItalic, isInvisible, color } = style;
  const face = `${isItalic ? 'italic ' : ''}${isBold ? 'bold ' : ''}${points(size)}/0 ${stacks[genericOf(font)]}`;
  return `font:${face};color:${isInvisible ? 'transparent' : escaped(color, true)}`;
}

function placeOf({ left, top, right, bottom }: Box): string {
  return `left:${points(left)};top:${points(top)};width:${points(right - left)};height:${points(bottom - top)}`;
}

function points(value: number): string {
  return `${round(value)}pt`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
