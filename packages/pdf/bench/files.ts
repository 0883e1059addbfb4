import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { buildPdf, bytes, type Objects, type StreamText } from '../test/builder.ts';

/** Text that packs as text does: words in a fixed disorder. */
function words(seed: number, count: number): string {
  let state = seed + 1;
  const list: string[] = [];
  for (let i = 0; i < count; i++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    list.push(WORDS[state % WORDS.length]!);
  }
  return list.join(' ');
}

const WORDS = 'invoice total amount date page customer order number street city paid due tax net gross'.split(
  ' ',
);

/** A document of text pages, another one for each seed: for each a page, its resources, a link and a packed content stream, twelve fonts for all. */
export function textPages(count: number, objectStreams: boolean, seed = 0): Buffer {
  const objects: Record<number, string | StreamText> = { 1: '<< /Type /Catalog /Pages 2 0 R >>' };
  const fonts = Array.from({ length: 12 }, (_, index) => 3 + index);
  for (const number of fonts)
    objects[number] =
      `<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /FirstChar 32 /LastChar 64 ` +
      `/Widths [${Array.from({ length: 33 }, (_, index) => 278 + index * 7).join(' ')}] >>`;
  const kids: string[] = [];
  for (let page = 0; page < count; page++) {
    const at = 20 + page * 4;
    kids.push(`${at} 0 R`);
    objects[at] =
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources ${at + 1} 0 R ` +
      `/Contents ${at + 3} 0 R /Annots [${at + 2} 0 R] >>`;
    objects[at + 1] =
      `<< /Font << ${fonts.map((number) => `/F${number} ${number} 0 R`).join(' ')} >> /ProcSet [/PDF /Text] >>`;
    objects[at + 2] =
      `<< /Type /Annot /Subtype /Link /Rect [72 ${page % 700} 200 ${(page % 700) + 12}] /Border [0 0 0] ` +
      `/A << /S /URI /URI (https://example.com/orders/${page}) >> /P ${at} 0 R >>`;
    const lines = Array.from(
      { length: 30 },
      (_, line) => `0 -14 Td (${words(seed * 7 + page * 30 + line, 9)}) Tj`,
    );
    const data = deflateSync(bytes(`BT /F3 11 Tf 72 760 Td ${lines.join('\n')} ET`));
    objects[at + 3] = { dictionary: '/Filter /FlateDecode', data };
  }
  objects[2] = `<< /Type /Pages /Count ${count} /Kids [${kids.join(' ')}] >>`;
  return buildPdf(objects as Objects, objectStreams ? { objectStreamSize: 100 } : {});
}

/** A document with what a book has: on each page two links to named destinations, and as many outline items as pages. */
export function bookPages(count: number, seed = 0): Buffer {
  const objects: Record<number, string | StreamText> = {
    1: '<< /Type /Catalog /Pages 2 0 R /Names << /Dests 3 0 R >> /Outlines 4 0 R /PageLabels << /Nums [0 << /S /D >>] >> >>',
    5: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  };
  const link = '/Type /Annot /Subtype /Link /Rect [72 100 200 112] /Border [0 0 0]';
  const item = 10 + count * 4;
  const kids: string[] = [];
  for (let page = 0; page < count; page++) {
    const at = 10 + page * 4;
    kids.push(`${at} 0 R`);
    objects[at] =
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F3 5 0 R >> >> ` +
      `/Contents ${at + 1} 0 R /Annots [${at + 2} 0 R ${at + 3} 0 R] >>`;
    const data = deflateSync(bytes(`BT /F3 11 Tf 72 760 Td (${words(seed * 7 + page, 300)}) Tj ET`));
    objects[at + 1] = { dictionary: '/Filter /FlateDecode', data };
    objects[at + 2] = `<< ${link} /A << /S /GoTo /D (section.${(page * 7) % count}) >> >>`;
    objects[at + 3] = `<< ${link} /Dest (section.${(page * 13) % count}) >>`;
    const next = page === count - 1 ? '' : `/Next ${item + page + 1} 0 R`;
    const previous = page === 0 ? '' : `/Prev ${item + page - 1} 0 R`;
    objects[item + page] =
      `<< /Title (Section number ${page}) /Parent 4 0 R ${previous} ${next} /A << /S /GoTo /D (section.${page}) >> >>`;
  }
  const names = kids.map((kid, page) => `(section.${page}) [${kid} /XYZ 72 720 null]`).sort();
  objects[2] = `<< /Type /Pages /Count ${count} /Kids [${kids.join(' ')}] >>`;
  objects[3] = `<< /Names [${names.join(' ')}] >>`;
  objects[4] = `<< /First ${item} 0 R /Last ${item + count - 1} 0 R /Count ${count} >>`;
  return buildPdf(objects as Objects, { objectStreamSize: 100 });
}

/**
 * A tagged form: on each page four text fields and a check box, each with its appearance and its own structure element, and
 * ten tagged paragraphs. All copies of it have the same names of fields.
 */
export function formPages(count: number): Buffer {
  const objects: Record<number, string | StreamText> = {
    1: `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [FIELDS] /DR << /Font << /Helv 5 0 R >> >> /DA (/Helv 0 Tf 0 g) >>
      /StructTreeRoot 3 0 R /MarkInfo << /Marked true >> /Lang (en) >>`,
    5: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  };
  const perPage = 30;
  const kids: string[] = [];
  const fields: string[] = [];
  const sections: string[] = [];
  const parents: string[] = [];
  for (let page = 0; page < count; page++) {
    const at = 10 + page * perPage;
    kids.push(`${at} 0 R`);
    sections.push(`${at + 2} 0 R`);
    const paragraphs = Array.from({ length: 10 }, (_, index) => at + 3 + index);
    const widgets = Array.from({ length: 5 }, (_, index) => at + 13 + index);
    objects[at] =
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F3 5 0 R >> >> /StructParents ${page * 6} ` +
      `/Contents ${at + 1} 0 R /Tabs /S /Annots [${widgets.map((widget) => `${widget} 0 R`).join(' ')}] >>`;
    const lines = paragraphs.map(
      (_, index) => `/P <</MCID ${index}>> BDC 0 -14 Td (${words(page * 10 + index, 30)}) Tj EMC`,
    );
    const data = deflateSync(bytes(`BT /F3 11 Tf 72 760 Td ${lines.join('\n')} ET`));
    objects[at + 1] = { dictionary: '/Filter /FlateDecode', data };
    const elements = widgets.map((_, index) => at + 18 + index);
    objects[at + 2] =
      `<< /Type /StructElem /S /Sect /P 4 0 R /K [${[...paragraphs, ...elements].map((each) => `${each} 0 R`).join(' ')}] >>`;
    for (const [index, number] of paragraphs.entries())
      objects[number] = `<< /Type /StructElem /S /P /P ${at + 2} 0 R /Pg ${at} 0 R /K ${index} >>`;
    parents.push(`${page * 6} [${paragraphs.map((each) => `${each} 0 R`).join(' ')}]`);
    for (const [index, number] of widgets.entries()) {
      const kind =
        index < 4 ? `/FT /Tx /V (${words(number, 3)}) /DA (/Helv 9 Tf 0 g)` : '/FT /Btn /V /Yes /AS /Yes';
      const look =
        index < 4 ? `/AP << /N ${at + 23 + index} 0 R >>` : `/AP << /N << /Yes ${at + 27} 0 R >> >>`;
      objects[number] =
        `<< /Type /Annot /Subtype /Widget ${kind} /T (page${page}.field${index}) /Rect [72 ${100 + index * 20} 300 ${116 + index * 20}] ` +
        `/F 4 /P ${at} 0 R /StructParent ${page * 6 + 1 + index} ${look} >>`;
      fields.push(`${number} 0 R`);
      objects[elements[index]!] =
        `<< /Type /StructElem /S /Form /P ${at + 2} 0 R /K << /Type /OBJR /Obj ${number} 0 R /Pg ${at} 0 R >> >>`;
      parents.push(`${page * 6 + 1 + index} ${elements[index]} 0 R`);
    }
    for (let index = 0; index < 5; index++)
      objects[at + 23 + index] = {
        dictionary:
          '/Type /XObject /Subtype /Form /BBox [0 0 228 16] /Resources << /Font << /Helv 5 0 R >> >>',
        data: `/Tx BMC BT /Helv 9 Tf 2 4 Td (${words(at + 13 + index, 3)}) Tj ET EMC`,
      };
  }
  objects[1] = String(objects[1]).replace('FIELDS', fields.join(' '));
  objects[2] = `<< /Type /Pages /Count ${count} /Kids [${kids.join(' ')}] >>`;
  objects[3] = `<< /Type /StructTreeRoot /K 4 0 R /ParentTree << /Nums [${parents.join(' ')}] >> /ParentTreeNextKey ${count * 6} >>`;
  objects[4] = `<< /Type /StructElem /S /Document /P 3 0 R /K [${sections.join(' ')}] >>`;
  return buildPdf(objects as Objects, { objectStreamSize: 100 });
}

/** A document of one page with attached files of this size, packed. */
export function attachedFiles(count: number, size: number): Buffer {
  const objects: Record<number, string | StreamText> = {
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>',
  };
  const names: string[] = [];
  for (let index = 0; index < count; index++) {
    const at = 10 + index * 2;
    const name = `(table-${String(index).padStart(3, '0')}.csv)`;
    names.push(`${name} ${at} 0 R`);
    objects[at] = `<< /Type /Filespec /F ${name} /EF << /F ${at + 1} 0 R >> >>`;
    const data = deflateSync(bytes(words(index, size / 6).slice(0, size)));
    objects[at + 1] = { dictionary: '/Type /EmbeddedFile /Filter /FlateDecode', data };
  }
  objects[1] = `<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [${names.join(' ')}] >> >> >>`;
  return buildPdf(objects as Objects);
}

/** Writes a document of pictures of one megabyte, one on each page. */
export function writePictures(path: string, megabytes: number, seed = 0): void {
  const fd = openSync(path, 'w');
  let offset = 0;
  const offsets: number[] = [0];
  const put = (number: number, ...parts: Uint8Array[]): void => {
    offsets[number] = offset;
    for (const part of parts) offset += writeSync(fd, part);
  };
  offset += writeSync(fd, bytes('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n'));
  const kids = Array.from({ length: megabytes }, (_, page) => `${3 + page * 3} 0 R`);
  put(1, bytes('1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n'));
  put(2, bytes(`2 0 obj\n<< /Type /Pages /Count ${megabytes} /Kids [${kids.join(' ')}] >>\nendobj\n`));
  const noise = new Uint8Array(1024 * 1024);
  for (let at = 0; at < noise.length; at += 32)
    noise.set(createHash('sha256').update(`${seed} ${at}`).digest(), at);
  for (let page = 0; page < megabytes; page++) {
    const at = 3 + page * 3;
    noise[page % noise.length]! ^= 255;
    const resources = `/Resources << /XObject << /I ${at + 2} 0 R >> >>`;
    const content = 'q 512 0 0 683 50 50 cm /I Do Q';
    put(
      at,
      bytes(
        `${at} 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] ${resources} /Contents ${at + 1} 0 R >>\nendobj\n`,
      ),
    );
    put(
      at + 1,
      bytes(`${at + 1} 0 obj\n<< /Length ${content.length} >>\nstream\n${content}\nendstream\nendobj\n`),
    );
    const picture =
      `/Type /XObject /Subtype /Image /Width 512 /Height 683 /ColorSpace /DeviceRGB /BitsPerComponent 8 ` +
      `/Filter /DCTDecode /Length ${noise.length}`;
    put(at + 2, bytes(`${at + 2} 0 obj\n<< ${picture} >>\nstream\n`), noise, bytes('\nendstream\nendobj\n'));
  }
  const size = 3 + megabytes * 3;
  const start = offset;
  writeSync(fd, bytes(`xref\n0 ${size}\n0000000000 65535 f \n`));
  for (let number = 1; number < size; number++)
    writeSync(fd, bytes(`${String(offsets[number]).padStart(10, '0')} 00000 n \n`));
  writeSync(fd, bytes(`trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`));
  closeSync(fd);
}
