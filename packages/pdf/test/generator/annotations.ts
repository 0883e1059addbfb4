import type { Sketch, SketchPage } from './sketch.ts';
import { leading } from './destinations.ts';

/** A place for an annotation. */
export function rectangle({ random }: Sketch): string {
  const [left, bottom] = [random.between(10, 180), random.between(10, 150)];
  return `/Rect [${left} ${bottom} ${left + 30} ${bottom + 20}]`;
}

/** A form XObject that draws a coloured box of 30 x 20 with a word. */
export function appearance(sketch: Sketch, word: string): string {
  const { random, resources } = sketch;
  return sketch.add({
    dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 30 20] /Resources << /Font << /F ${resources.Font.get('F1')} >> >>`,
    data: `0.${random.below(10)} 0.${random.below(10)} 0.9 rg 0 0 30 20 re f 0 g BT /F 8 Tf 1 6 Td (${word}) Tj ET`,
  });
}

/** Links and notes on some of the pages. */
export function addAnnotations(sketch: Sketch, names: readonly string[]): void {
  for (const page of sketch.pages) {
    for (let count = sketch.random.below(4); count > 0; count--) {
      const dictionary = annotation(sketch, page, names);
      page.annotations.push(sketch.random.chance(80) ? sketch.add(dictionary) : dictionary);
    }
    if (sketch.random.chance(20)) addPopup(sketch, page);
  }
}

function annotation(sketch: Sketch, page: SketchPage, names: readonly string[]): string {
  const { random } = sketch;
  const own = random.chance(50) ? `/P ${page.number} 0 R` : '';
  const base = `/Type /Annot ${rectangle(sketch)} /Contents (note on ${page.text}) ${own}`;
  const colour = `/C [0.${random.below(10)} 0.5 0]`;
  const kinds = [
    () => `/Subtype /Link ${leading(sketch, names)}`,
    () => `/Subtype /Link ${leading(sketch, names)} /Border [0 0 2]`,
    () => `/Subtype /Link /A << /S /URI /URI (https://example.com/${sketch.name}) >>`,
    () => '/Subtype /Link /A << /S /GoToR /F (other.pdf) /D [0 /Fit] >>',
    () => `/Subtype /Square ${colour} /AP << /N ${appearance(sketch, 'square')} >>`,
    () => `/Subtype /Stamp /F 4 /AP << /N ${appearance(sketch, 'stamp')} >>`,
    () => `/Subtype /Circle ${colour} /BS << /W 2 >>`,
    () => `/Subtype /Highlight ${colour} /QuadPoints [20 40 60 40 20 20 60 20]`,
    () => `/Subtype /Ink ${colour} /InkList [[20 20 40 60 80 30]]`,
    () => `/Subtype /Text /F 2 /NM (${sketch.name} ${random.below(9)})`,
  ];
  return `<< ${base} ${random.pick(kinds)()} >>`;
}

/** A note and its window, which refer to each other. */
function addPopup(sketch: Sketch, page: SketchPage): void {
  const [note, popup] = [sketch.reserve(), sketch.reserve()];
  sketch.objects[note] =
    `<< /Type /Annot /Subtype /Text ${rectangle(sketch)} /Contents (popup of ${page.text}) /Popup ${popup} 0 R >>`;
  sketch.objects[popup] =
    `<< /Type /Annot /Subtype /Popup ${rectangle(sketch)} /Parent ${note} 0 R /Open false >>`;
  page.annotations.push(`${note} 0 R`, `${popup} 0 R`);
}
