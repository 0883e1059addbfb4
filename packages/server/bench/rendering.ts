import { textPages } from '../../pdf/bench/files.ts';
import type { FileHandle, RenderSettings } from '../src/engines/capabilities.ts';
import { Boxed, type Programs, tablePages } from './boxed.ts';

const pages = 100;

/** What a call has that says nothing else. */
const settings: RenderSettings = {
  as: 'png',
  resolution: 150,
  area: undefined,
  quality: 85,
  tiffCompression: 'lzw',
  bitsPerPixel: undefined,
  oneBit: 'otsu',
  rotate: 0,
  flip: 'none',
  smoothText: true,
  smoothLines: true,
  smoothPictures: true,
  text: true,
  lines: true,
  curves: true,
  pictures: true,
  inverted: false,
};

const programs: Programs = {
  pdftoppm: ['pdftoppm', '-r', '150', '-png', '{}', '{out}/page'],
  mutool: ['mutool', 'draw', '-q', '-r', '150', '-o', '{out}/page-%d.png', '{}'],
};

/** Prints times as ratios to those of programs that draw pages. Ours draws with as many boxes as there are processors, they with one thread. */
export async function benchRendering(): Promise<void> {
  await Boxed.during(async (boxed) => {
    const pools = boxed.pools('rendering');
    const time = (document: FileHandle): Promise<Record<string, string>> =>
      boxed.compare(
        () => boxed.ask(pools, 'pdf.render', { document, pages: '', stem: 'page', settings }),
        document,
        programs,
      );
    console.log(`\n${pages} pages to PNG at 150 pixels per inch: whole time as a ratio to the program's`);
    console.table({
      prose: await time(boxed.save('text.pdf', textPages(pages, true))),
      tables: await time(boxed.save('tables.pdf', tablePages(pages))),
    });
  });
}
