import { oddValues } from '../carriers/result.ts';
import type { Sketch } from './sketch.ts';

/** Keys that mean something to whoever merges documents. */
const KEYS =
  'Kids Parent Type Subtype Count First Last Next Prev Dest D A S P K Pg Obj ID T FT V DA DR Q Ff Names Nums Limits OCGs Order ON OFF Contents Annots Resources StructParent StructParents Length Filter EF F UF B N R I'.split(
    ' ',
  );
const VALUES = [
  ...oddValues,
  'null',
  'true',
  '-1',
  '--5',
  '1e5',
  '/Page',
  '/Pages',
  '/Catalog',
  '<<>>',
  '(',
  '<<',
  '>>',
  '[',
  ']',
];

/** What may be changed in the text of an object. */
const TOKENS = {
  reference: /\d+ 0 R/g,
  key: /\/[A-Z][A-Za-z]*/g,
  value: /\d+ 0 R|\/[A-Z][A-Za-z0-9]*|\([^()\\]*\)|-?\d+(?:\.\d+)?|\[[^[\]]*\]/g,
};

/** Changes objects of a sketch: references led elsewhere, keys and values exchanged, types changed, objects lost. */
export function spoil(sketch: Sketch): void {
  const { random, objects, catalog } = sketch;
  const numbers = Object.keys(objects).map(Number);
  for (let change = random.below(12); change >= 0; change--) {
    if (random.chance(15)) {
      const at = random.below(catalog.length);
      catalog[at] = spoilText(sketch, catalog[at]!);
      continue;
    }
    const number = random.pick(numbers);
    const object = objects[number];
    if (object === undefined) continue;
    const text = typeof object === 'string' ? object : object.dictionary;
    const spoilt = random.chance(8) ? textOf(sketch, random.pick(numbers)) : spoilText(sketch, text);
    if (random.chance(4)) delete objects[number];
    else objects[number] = typeof object === 'string' ? spoilt : { ...object, dictionary: spoilt };
  }
}

function textOf({ objects }: Sketch, number: number): string {
  const object = objects[number] ?? 'null';
  return typeof object === 'string' ? object : `<< ${object.dictionary} >>`;
}

function spoilText({ random, objects }: Sketch, text: string): string {
  const kind = random.pick(['reference', 'reference', 'key', 'value'] as const);
  const found = [...text.matchAll(TOKENS[kind])];
  if (found.length === 0) return text;
  const token = random.pick(found);
  const others = Object.keys(objects);
  const fresh = {
    reference: () => `${random.chance(20) ? 999 : random.pick(others)} 0 R`,
    key: () => `/${random.pick(KEYS)}`,
    value: () => (random.chance(50) ? random.pick(found)[0] : random.pick(VALUES)),
  };
  return `${text.slice(0, token.index)}${fresh[kind]()}${text.slice(token.index + token[0].length)}`;
}
