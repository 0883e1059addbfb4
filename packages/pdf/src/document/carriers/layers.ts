import type { FileWriter } from '../../file/writer.ts';
import { PdfNumber } from '../../objects/number.ts';
import type { ByteBuffer } from '../../syntax/byte-buffer.ts';
import { writeObject } from '../../syntax/write.ts';
import type { Carrier } from '../carriers.ts';
import type { DocumentCopy } from '../copy.ts';
import { groupNames, isHeeded, readLayers, type Layers } from './layers-read.ts';
import { selectLayers } from './layers-select.ts';

/**
 * Optional content (ISO 32000-2, 8.11.4): the groups of all documents, each as visible as it was. One document with layers
 * keeps its properties as they are; of several, the default configurations become one and the others are dropped. Where
 * pages are missing, groups that nothing in the result uses go.
 */
export function layers(): Carrier {
  let layered: DocumentCopy[] = [];
  return {
    prepare(copies) {
      layered = copies.filter((copy) => propertiesOf(copy) instanceof Map);
      if (layered.length > 1) tellApart(layered);
    },
    carry(_copies, writer, carried) {
      if (layered.length === 0) return;
      const isUnchanged = layered.length === 1 && layered[0]!.selection.isWhole;
      const all = isUnchanged ? [] : layered.map((copy) => layersOf(copy));
      if (!isUnchanged && all.every(({ groups }) => groups.length === 0)) return;
      const number = writer.allocate();
      if (isUnchanged) writeUnchanged(layered[0]!, number, writer);
      else writeJoined(layered, heededTogether(all), number, writer);
      carried.catalog += `/OCProperties ${number} 0 R`;
    },
  };
}

function layersOf(copy: DocumentCopy): Layers {
  return copy.selection.isWhole ? readLayers(copy) : selectLayers(copy);
}

function propertiesOf({ document }: DocumentCopy): unknown {
  const entry = document.catalog.get('OCProperties');
  return entry === undefined ? undefined : document.file.resolve(entry);
}

function writeUnchanged(copy: DocumentCopy, number: number, writer: FileWriter): void {
  const { catalog, file } = copy.document;
  const properties = file.resolve(catalog.get('OCProperties'));
  writeObject(writer.begin(number), properties, copy);
  writer.end();
}

/**
 * Some readers take groups that say the same for one group, and would show a hidden one. So a group whose name an earlier
 * document has says which document it is of, under a name that is free for private use (ISO 32000-2, annex E.2).
 */
function tellApart(copies: readonly DocumentCopy[]): void {
  const names = new Set<string>();
  for (const [index, { document, edits }] of copies.entries()) {
    const own: string[] = [];
    for (const [number, name] of groupNames(document)) {
      if (names.has(name))
        edits.onObject(number, (group) => group.set('XXDocument', new PdfNumber(String(index + 1))));
      own.push(name);
    }
    for (const name of own) names.add(name);
  }
}

function writeJoined(
  copies: readonly DocumentCopy[],
  all: readonly Layers[],
  number: number,
  writer: FileWriter,
): void {
  const out = writer.begin(number);
  out.ascii('<<');
  writeNumbers(
    out,
    'OCGs',
    all.flatMap(({ groups }) => groups),
  );
  out.ascii('/D<</BaseState/ON');
  for (const key of ['off', 'on', 'locked'] as const)
    writeNumbers(
      out,
      KEYS[key],
      all.flatMap((each) => each[key]),
    );
  writeIntent(out, all);
  writeRadio(out, all);
  writeObjects(out, 'Order', copies, all, 'order');
  writeObjects(out, 'AS', copies, all, 'usage');
  out.ascii('>>>>');
  writer.end();
}

const KEYS = { off: 'OFF', on: 'ON', locked: 'Locked' } as const;

/** /OCGs is required even where it is empty; so is nothing else. */
function writeNumbers(out: ByteBuffer, key: string, numbers: readonly number[]): void {
  if (numbers.length === 0 && key !== 'OCGs') return;
  out.ascii(`/${key}`);
  writeReferences(out, numbers);
}

function writeReferences(out: ByteBuffer, numbers: readonly number[]): void {
  out.ascii(`[${numbers.map((number) => `${number} 0 R`).join(' ')}]`);
}

/**
 * The layers with a state for each group that was off for an intent that its document did not heed: on where another document
 * makes the result heed it; else off, as ever.
 */
function heededTogether(all: readonly Layers[]): Layers[] {
  const intents = all.flatMap((each) => each.intents);
  return all.map((each) => {
    const { unheeded } = each;
    const numbers = [...unheeded.keys()];
    const isNow = (number: number): boolean => isHeeded(unheeded.get(number)!, intents);
    const on = [...each.on, ...numbers.filter((number) => isNow(number))];
    return { ...each, on, off: [...each.off, ...numbers.filter((number) => !isNow(number))] };
  });
}

function writeIntent(out: ByteBuffer, all: readonly Layers[]): void {
  const intents = new Set(all.flatMap((each) => each.intents));
  if (intents.has('All')) return out.ascii('/Intent/All');
  const known = ['View', 'Design'].filter((intent) => intents.has(intent));
  if (known.length > 1) out.ascii('/Intent[/View/Design]');
  else if (known[0] === 'Design') out.ascii('/Intent/Design');
}

function writeRadio(out: ByteBuffer, all: readonly Layers[]): void {
  const sets = all.flatMap(({ radio }) => radio);
  if (sets.length === 0) return;
  out.ascii('/RBGroups[');
  for (const set of sets) writeReferences(out, set);
  out.ascii(']');
}

function writeObjects(
  out: ByteBuffer,
  key: string,
  copies: readonly DocumentCopy[],
  all: readonly Layers[],
  from: 'order' | 'usage',
): void {
  if (all.every((each) => each[from].length === 0)) return;
  out.ascii(`/${key}[`);
  for (const [index, each] of all.entries())
    for (const object of each[from]) {
      writeObject(out, object, copies[index]!);
      out.byte(32);
    }
  out.ascii(']');
}
