import { deflateSync } from 'node:zlib';
import { bytes } from '../builder.ts';
import type { Sketch, SketchPage } from './sketch.ts';

/** Draws every page: a colour, its text, and what pages share. */
export function drawPages(sketch: Sketch): void {
  const { random, resources } = sketch;
  const fonts = ['Helvetica', 'Times-Roman', 'Courier'].map((font) =>
    sketch.add(`<< /Type /Font /Subtype /Type1 /BaseFont /${font} >>`),
  );
  for (const [index, font] of fonts.entries()) resources.Font.set(`F${index}`, font);
  const pixels = Buffer.from(Array.from({ length: 48 }, () => random.below(256)));
  resources.XObject.set(
    'picture',
    sketch.add({
      dictionary:
        '/Type /XObject /Subtype /Image /Width 4 /Height 4 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode',
      data: deflateSync(pixels),
    }),
  );
  resources.XObject.set(
    'form',
    sketch.add({
      dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 50 50] /Resources << /Font << /F ${fonts[0]} >> >>`,
      data: 'BT /F 9 Tf 2 20 Td (shared form) Tj ET',
    }),
  );
  for (const page of sketch.pages) {
    const colour = [0, 1, 2].map(() => random.below(100) / 100).join(' ');
    page.content.push(`${colour} rg ${random.below(90)} ${random.below(90)} 150 90 re f 0 g`);
    page.content.push(`BT /F${random.below(3)} 14 Tf 20 ${random.between(110, 180)} Td (${page.text}) Tj ET`);
    if (random.chance(40)) page.content.push('q 40 0 0 40 200 10 cm /picture Do Q');
    if (random.chance(40)) page.content.push('q 1 0 0 1 220 90 cm /form Do Q');
    if (random.chance(15)) page.entries.push(`/Metadata ${xmp(sketch, page.text)}`);
    if (random.chance(15)) page.entries.push('/AA << /O << /S /JavaScript /JS (opened = 1) >> >>');
    if (random.chance(15)) page.entries.push('/Tabs /S /Trans << /S /Dissolve >>');
  }
}

/** A stream of metadata. */
export function xmp(sketch: Sketch, title: string): string {
  const data = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- ${title} --></x:xmpmeta>`;
  return sketch.add({ dictionary: '/Type /Metadata /Subtype /XML', data });
}

/** Writes pages, their resources and the page tree; to be called last, when nothing is added to a page any more. */
export function writePages(sketch: Sketch): number {
  const { random } = sketch;
  const resources = resourceText(sketch);
  const shared = sketch.add(resources);
  const root = sketch.reserve();
  const boxes = ['/MediaBox [0 0 300 200]'];
  if (random.chance(30)) boxes.push('/Rotate 90');
  if (random.chance(30)) boxes.push('/CropBox [10 10 280 190]');
  for (const page of sketch.pages) {
    page.entries.push(contents(sketch, page));
    const own = random.pick(['', '', shared, resources]);
    if (own !== '') page.entries.push(`/Resources ${own}`);
    if (random.chance(25)) page.entries.push(`/MediaBox [0 0 ${random.between(250, 320)} 210]`);
    if (random.chance(20)) page.entries.push(`/CropBox [5 5 ${random.between(200, 240)} 195]`);
    if (random.chance(20)) page.entries.push(`/TrimBox [20 20 200 180] /BleedBox [15 15 205 185]`);
    if (random.chance(25)) page.entries.push(`/Rotate ${random.pick([0, 90, 180, 270, -90])}`);
    if (random.chance(10)) page.entries.push('/UserUnit 2');
    if (page.annotations.length > 0)
      page.entries.push(`/Annots ${sketch.maybe(`[${page.annotations.join(' ')}]`)}`);
  }
  const kids = nodes(sketch, sketch.pages, root, 3);
  sketch.objects[root] =
    `<< /Type /Pages /Count ${sketch.pages.length} /Kids [${kids.join(' ')}] ${boxes.join(' ')} /Resources ${random.chance(50) ? shared : resources} >>`;
  return root;
}

function resourceText({ resources }: Sketch): string {
  const kinds = Object.entries(resources).map(
    ([kind, entries]) =>
      `/${kind} << ${[...entries].map(([name, value]) => `/${name} ${value}`).join(' ')} >>`,
  );
  return `<< ${kinds.join(' ')} >>`;
}

function contents(sketch: Sketch, { content }: SketchPage): string {
  const parts = sketch.random.chance(70) ? [content.join('\n')] : content;
  const streams = parts.map((part) =>
    sketch.add(
      sketch.random.chance(50)
        ? { dictionary: '', data: part }
        : { dictionary: '/Filter /FlateDecode', data: deflateSync(bytes(part)) },
    ),
  );
  return `/Contents ${streams.length === 1 ? streams[0] : sketch.maybe(`[${streams.join(' ')}]`)}`;
}

/** Places pages below a node, some of them in nodes of their own that have attributes for their pages. */
function nodes(sketch: Sketch, pages: readonly SketchPage[], parent: number, depth: number): string[] {
  const { random } = sketch;
  const kids: string[] = [];
  for (let at = 0; at < pages.length;) {
    if (depth === 0 || random.chance(50)) {
      const { number, entries } = pages[at++]!;
      sketch.objects[number] = `<< /Type /Page /Parent ${parent} 0 R ${entries.join(' ')} >>`;
      kids.push(`${number} 0 R`);
      continue;
    }
    const part = pages.slice(at, at + random.between(1, pages.length - at));
    at += part.length;
    const node = sketch.reserve();
    const inherited: string[] = [];
    if (random.chance(40)) inherited.push(`/Rotate ${random.pick([0, 90, 180])}`);
    if (random.chance(40)) inherited.push(`/MediaBox [0 0 ${random.between(260, 310)} 205]`);
    const below = nodes(sketch, part, node, depth - 1);
    sketch.objects[node] =
      `<< /Type /Pages /Parent ${parent} 0 R /Count ${part.length} /Kids [${below.join(' ')}] ${inherited.join(' ')} >>`;
    kids.push(`${node} 0 R`);
  }
  return kids;
}
