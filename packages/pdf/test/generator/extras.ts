import { deflateSync } from 'node:zlib';
import { bytes } from '../builder.ts';
import { appearance, rectangle } from './annotations.ts';
import { string } from './outlines.ts';
import { xmp } from './pages.ts';
import type { Sketch } from './sketch.ts';

/** Labels of the pages, in some ranges. */
export function addLabels(sketch: Sketch): void {
  const { random, pages } = sketch;
  const starts = [...pages.keys()].filter((index) => index === 0 || random.chance(30));
  const label = (): string => {
    const style = random.chance(85) ? `/S /${random.pick(['D', 'R', 'r', 'A', 'a'])}` : '';
    // Labels that say nothing look to PDFium as if there were none.
    const prefix = style === '' || random.chance(40) ? `/P (${sketch.name}-)` : '';
    return `<< ${style} ${prefix} ${random.chance(30) ? `/St ${random.between(2, 30)}` : ''} >>`;
  };
  const pairs = starts.map((start) => [String(start), sketch.maybe(label())] as const);
  sketch.catalog.push(`/PageLabels ${sketch.tree('Nums', pairs)}`);
}

/** Embedded files, of names that other documents have too. */
export function addAttachments(sketch: Sketch): void {
  const { random } = sketch;
  const names = random.shuffled(['data.csv', 'invoice.xml', 'note.txt', 'noext']);
  const chosen = names.slice(0, random.between(1, 4)).sort();
  const files = chosen.map((name) => {
    const data = bytes(`${sketch.name} ${name} ${random.below(1e6)}`);
    const stream = sketch.add({
      dictionary: `/Type /EmbeddedFile /Subtype /text#2Fplain /Params << /Size ${data.length} >> /Filter /FlateDecode`,
      data: deflateSync(data),
    });
    const key = random.chance(80) ? name : `key of ${name}`;
    return [
      `(${key})`,
      sketch.add(
        `<< /Type /Filespec /F (${name}) /UF (${name}) /EF << /F ${stream} >> /Desc (${sketch.name} file) /AFRelationship /Data >>`,
      ),
    ] as const;
  });
  sketch.names.push(`/EmbeddedFiles ${sketch.tree('Names', files.sort())}`);
  if (random.chance(40)) sketch.catalog.push(`/AF [${files[0]![1]}]`);
}

/** Scripts of the document. */
export function addScripts(sketch: Sketch): void {
  const script = `<< /S /JavaScript /JS (said = "${sketch.name}") >>`;
  sketch.names.push(`/JavaScript ${sketch.tree('Names', [['(init)', sketch.maybe(script)]])}`);
}

/** Layers, some hidden, with content, a form and an annotation in them. */
export function addLayers(sketch: Sketch): void {
  const { random, resources } = sketch;
  const groups = Array.from({ length: random.between(1, 3) }, (_, index) =>
    sketch.add(`<< /Type /OCG /Name (${sketch.name} layer ${index}) >>`),
  );
  for (const [index, group] of groups.entries()) resources.Properties.set(`L${index}`, group);
  const hidden = groups.filter(() => random.chance(50));
  const shown = groups.filter((group) => !hidden.includes(group));
  const states = random.chance(60)
    ? `/OFF [${hidden.join(' ')}]`
    : `/BaseState /OFF /ON [${shown.join(' ')}]`;
  sketch.catalog.push(
    `/OCProperties << /OCGs [${groups.join(' ')}] /D << /Name (layers) /Order [${groups.join(' ')}] ${states} >> >>`,
  );
  const some = sketch.add(
    `<< /Type /OCMD /OCGs [${groups.join(' ')}] /P /${random.pick(['AnyOn', 'AllOn', 'AnyOff'])} >>`,
  );
  resources.Properties.set('some', some);
  resources.XObject.set(
    'layered',
    sketch.add({
      dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 20 20] /OC ${random.pick(groups)}`,
      data: '0 1 0 rg 0 0 20 20 re f',
    }),
  );
  for (const page of sketch.pages) {
    const layer = random.below(groups.length);
    if (random.chance(30)) page.content.push('/OC /some BDC 0 0 1 rg 150 150 20 20 re f 0 g EMC');
    if (random.chance(30)) page.content.push('q 1 0 0 1 180 150 cm /layered Do Q');
    if (random.chance(60))
      page.content.push(`/OC /L${layer} BDC 1 0 0 rg ${random.below(200)} 5 20 20 re f 0 g EMC`);
    if (random.chance(30))
      page.annotations.push(
        sketch.add(
          `<< /Type /Annot /Subtype /Stamp ${rectangle(sketch)} /OC ${groups[layer]} /AP << /N ${appearance(sketch, 'layer')} >> >>`,
        ),
      );
  }
}

/** An article whose beads go over the pages, in a ring. */
export function addThreads(sketch: Sketch): void {
  const thread = sketch.reserve();
  const beads = sketch.pages.map(() => sketch.reserve());
  for (const [index, page] of sketch.pages.entries()) {
    const [next, previous] = [beads[(index + 1) % beads.length], beads.at(index - 1)];
    sketch.objects[beads[index]!] =
      `<< /Type /Bead /T ${thread} 0 R /N ${next} 0 R /V ${previous} 0 R /P ${page.number} 0 R /R [10 10 90 90] >>`;
    page.entries.push(`/B [${beads[index]} 0 R]`);
  }
  sketch.objects[thread] = `<< /Type /Thread /F ${beads[0]} 0 R /I << /Title (${sketch.name} article) >> >>`;
  sketch.catalog.push(`/Threads [${thread} 0 R]`);
}

/** What the catalog says of the document as a whole, and its information dictionary, as an entry of the trailer. */
export function addCatalogEntries(sketch: Sketch): string {
  const { random } = sketch;
  if (random.chance(40)) sketch.catalog.push(`/OpenAction [${sketch.pageReference()} /Fit]`);
  if (random.chance(40)) sketch.catalog.push(`/PageMode /${random.pick(['UseOutlines', 'UseThumbs'])}`);
  if (random.chance(40)) sketch.catalog.push(`/Lang (${random.pick(['en', 'de', 'fr'])})`);
  if (random.chance(30)) sketch.catalog.push('/ViewerPreferences << /DisplayDocTitle true >>');
  if (random.chance(30)) sketch.catalog.push(`/Metadata ${xmp(sketch, sketch.name)}`);
  if (random.chance(30)) {
    const profile = sketch.add({ dictionary: '/N 3', data: random.pick(['profile', sketch.name]) });
    const condition = random.pick(['sRGB', 'FOGRA39']);
    sketch.catalog.push(
      `/OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (${condition}) /DestOutputProfile ${profile} >>]`,
    );
  }
  if (random.chance(50)) return '';
  return `/Info ${sketch.add(`<< /Title ${string(sketch, sketch.name)} /Producer (generator) >>`)}`;
}
