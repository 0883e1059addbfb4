import { appearance, rectangle } from './annotations.ts';
import type { Sketch, SketchPage } from './sketch.ts';

/** Few, so that documents share them. */
const NAMES = ['name', 'total', 'address', 'name.2', 'Text1', 'agree'];

/** A form of some fields of all kinds. */
export function addForm(sketch: Sketch): void {
  const { random } = sketch;
  const font = sketch.add(
    `<< /Type /Font /Subtype /Type1 /BaseFont /${random.pick(['Helvetica', 'Courier'])} >>`,
  );
  const names = random.shuffled(NAMES).slice(0, random.between(1, NAMES.length));
  const fields = names.map((name) => field(sketch, `/T (${name})`));
  const parts = [`/Fields [${fields.join(' ')}]`, `/DR << /Font << /Helv ${font} >> >>`];
  if (random.chance(70)) parts.push('/DA (/Helv 10 Tf 0 g)');
  if (random.chance(20)) parts.push('/Q 1');
  if (random.chance(30)) parts.push(`/CO [${random.shuffled(fields).join(' ')}]`);
  sketch.catalog.push(`/AcroForm ${sketch.maybe(`<< ${parts.join(' ')} >>`)}`);
}

/** A field, with its widgets on pages or its kids below it. */
function field(sketch: Sketch, name: string): string {
  const { random } = sketch;
  const value = `${sketch.name} ${random.below(1000)}`;
  const kinds = [
    () => text(sketch, name, value),
    () => text(sketch, `${name} /TU (tip) /Ff 4096`, value),
    () => checkBox(sketch, name),
    () => radioButtons(sketch, name),
    () => choice(sketch, `${name} /Ff 131072`),
    () => choice(sketch, name),
    () => widget(sketch, `${name} /FT /Btn /Ff 65536 /MK << /CA (push) >>`, 'push'),
    () => twoWidgets(sketch, name, value),
    () => parent(sketch, name),
    () => sketch.add(`<< ${name} /FT /Tx /V (${value}) >>`),
    () => inherited(sketch, name, value),
  ];
  return random.pick(kinds)();
}

/** A widget on one of the pages, merged with its field. */
function widget(
  sketch: Sketch,
  entries: string,
  word: string,
  page: SketchPage = sketch.random.pick(sketch.pages),
): string {
  const own = sketch.random.chance(50) ? `/P ${page.number} 0 R` : '';
  const normal = word === '' ? '' : `/AP << /N ${appearance(sketch, word)} >>`;
  const found = sketch.add(
    `<< /Type /Annot /Subtype /Widget /F 4 ${rectangle(sketch)} ${own} ${normal} ${entries} >>`,
  );
  page.annotations.push(found);
  return found;
}

const text = (sketch: Sketch, entries: string, value: string): string =>
  widget(sketch, `${entries} /FT /Tx /V (${value}) /DA (/Helv 8 Tf 0 g)`, value);

const choice = (sketch: Sketch, entries: string): string =>
  widget(sketch, `${entries} /FT /Ch /Opt [(one) [(2) (two)] (three)] /V (one) /DA (/Helv 8 Tf 0 g)`, 'one');

/** The appearances of a button that is on or off. */
const states = (sketch: Sketch, on: string): string =>
  `/AP << /N << /${on} ${appearance(sketch, on)} /Off ${appearance(sketch, '')} >> >>`;

function checkBox(sketch: Sketch, name: string): string {
  const state = sketch.random.pick(['Yes', 'Off']);
  return widget(sketch, `${name} /FT /Btn /V /${state} /AS /${state} ${states(sketch, 'Yes')}`, '');
}

function radioButtons(sketch: Sketch, name: string): string {
  const number = sketch.reserve();
  const chosen = sketch.random.pick(['red', 'blue']);
  const kids = ['red', 'blue'].map((state) =>
    widget(
      sketch,
      `/Parent ${number} 0 R /AS /${state === chosen ? state : 'Off'} ${states(sketch, state)}`,
      '',
    ),
  );
  sketch.objects[number] = `<< ${name} /FT /Btn /Ff 49152 /V /${chosen} /Kids [${kids.join(' ')}] >>`;
  return `${number} 0 R`;
}

function twoWidgets(sketch: Sketch, name: string, value: string): string {
  const number = sketch.reserve();
  const kids = [sketch.pages[0]!, sketch.pages.at(-1)!].map((page) =>
    widget(sketch, `/Parent ${number} 0 R`, value, page),
  );
  sketch.objects[number] =
    `<< ${name} /FT /Tx /V (${value}) /DA (/Helv 8 Tf 0 g) /Kids [${kids.join(' ')}] >>`;
  return `${number} 0 R`;
}

/** Fields that have kind, value and font from above, in names that each document spells in its own encoding. */
function inherited(sketch: Sketch, name: string, value: string): string {
  const number = sketch.reserve();
  const kid = widget(
    sketch,
    `/T <FEFF0063> /Parent ${number} 0 R /AA << /F << /S /JavaScript /JS (formatted = 1) >> >>`,
    value,
  );
  sketch.objects[number] = `<< ${name} /FT /Tx /Ff 1 /V (${value}) /DA (/Helv 9 Tf 0 g) /Kids [${kid}] >>`;
  return `${number} 0 R`;
}

function parent(sketch: Sketch, name: string): string {
  const number = sketch.reserve();
  const kids = ['first', 'second'].map((kid) =>
    text(sketch, `/T (${kid}) /Parent ${number} 0 R`, `${kid} value`),
  );
  sketch.objects[number] = `<< ${name} /Kids [${kids.join(' ')}] >>`;
  return `${number} 0 R`;
}
