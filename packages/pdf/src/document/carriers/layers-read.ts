import { nameOf, type PdfArray, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import { textOfString } from '../../syntax/text-string.ts';
import type { DocumentCopy } from '../copy.ts';
import type { Document, OfDocument } from '../document.ts';
import { readOrder } from './layers-order.ts';

/** A document, and the numbers by which its groups are to be known. */
export type LayerNumbers = Pick<DocumentCopy, 'document' | 'reference'>;

/** The layers of one document; groups by their new numbers, `order` and `usage` in terms of the old file. */
export interface Layers {
  readonly groups: readonly number[];
  /** Groups that are said to be on, and those that are off. What is neither is on. */
  readonly on: readonly number[];
  readonly off: readonly number[];
  /** Groups that are off with intents that the configuration does not heed, so that they are visible to some readers. */
  readonly unheeded: ReadonlyMap<number, readonly string[]>;
  readonly locked: readonly number[];
  /** Sets of groups of which no more than one is on. */
  readonly radio: readonly (readonly number[])[];
  readonly order: PdfArray;
  /** When groups change by themselves (/AS). */
  readonly usage: PdfArray;
  readonly intents: readonly string[];
}

/**
 * Reads the groups and the default configuration of a document (ISO 32000-2, 8.11.4.3), with the base state resolved. A
 * group that is off belongs to the groups even where the document forgot to list it.
 */
export function readLayers(copy: LayerNumbers): Layers {
  const { catalog, file } = copy.document;
  const properties = file.resolve(catalog.get('OCProperties')) as PdfDictionary;
  const found = file.resolve(properties.get('D'));
  const config: PdfDictionary = found instanceof Map ? found : new Map();
  const references = new Map<number, PdfReference>();
  for (const list of [properties.get('OCGs'), config.get('OFF'), config.get('ON')])
    for (const [number, reference] of groupsIn(copy, list)) references.set(number, reference);
  const groups = [...references.keys()];
  const intents = namesIn(copy, config.get('Intent'));
  const state = states(copy, config, references, intents);
  return {
    groups,
    ...state,
    locked: [...groupsIn(copy, config.get('Locked')).keys()],
    radio: arrayOf(copy, config.get('RBGroups'))
      .map((set) => [...groupsIn(copy, set).keys()])
      .filter((set) => set.length > 0),
    order: readOrder(copy, config.get('Order')),
    usage: arrayOf(copy, config.get('AS')).filter((each) => file.resolve(each) instanceof Map),
    intents,
  };
}

/** The names of the groups that a document lists, by their old numbers. */
export function groupNames(document: Document): Map<number, string> {
  const { catalog, file } = document;
  const properties = file.resolve(catalog.get('OCProperties'));
  const list = properties instanceof Map ? file.resolve(properties.get('OCGs')) : null;
  const names = new Map<number, string>();
  for (const each of Array.isArray(list) ? list : []) {
    const group = each instanceof PdfReference ? file.resolve(each) : null;
    const name = group instanceof Map ? file.resolve(group.get('Name')) : null;
    if (each instanceof PdfReference && name instanceof PdfString)
      names.set(each.number, textOfString(name.bytes));
  }
  return names;
}

function states(
  copy: LayerNumbers,
  config: PdfDictionary,
  references: ReadonlyMap<number, PdfReference>,
  intents: readonly string[],
): Pick<Layers, 'on' | 'off' | 'unheeded'> {
  const on = groupsIn(copy, config.get('ON'));
  const off = groupsIn(copy, config.get('OFF'));
  const baseOff = nameOf(copy.document.file.resolve(config.get('BaseState'))) === 'OFF';
  const hidden: number[] = [];
  const shown: number[] = [];
  const unheeded = new Map<number, readonly string[]>();
  for (const [number, reference] of references)
    if (off.has(number) || (baseOff && !on.has(number))) {
      const own = intentsOf(copy, reference);
      if (isHeeded(own, intents)) hidden.push(number);
      else unheeded.set(number, own);
    } else if (on.has(number) || baseOff) shown.push(number);
  return { on: shown, off: hidden, unheeded };
}

function intentsOf(copy: LayerNumbers, reference: PdfReference): string[] {
  const group = copy.document.file.resolve(reference);
  return namesIn(copy, group instanceof Map ? group.get('Intent') : undefined);
}

/** Whether a configuration of some intents looks at the state of a group of others; if not, the group is visible. */
export function isHeeded(own: readonly string[], intents: readonly string[]): boolean {
  return intents.includes('All') || own.includes('All') || own.some((intent) => intents.includes(intent));
}

/** A name or an array of names; `View` is what is meant where there is none. */
function namesIn({ document }: OfDocument, entry: PdfObject | undefined): string[] {
  const object = document.file.resolve(entry);
  const list = Array.isArray(object) ? object : [object];
  const names = list.flatMap((each) => nameOf(document.file.resolve(each)) ?? []);
  return names.length > 0 ? names : ['View'];
}

/** The groups that an array refers to, each once, by their new numbers. */
function groupsIn(copy: LayerNumbers, list: PdfObject | undefined): Map<number, PdfReference> {
  const groups = new Map<number, PdfReference>();
  for (const each of arrayOf(copy, list)) {
    if (!(each instanceof PdfReference)) continue;
    const number = copy.reference(each.number, each.generation);
    if (number !== 0) groups.set(number, each);
  }
  return groups;
}

function arrayOf({ document }: OfDocument, entry: PdfObject | undefined): PdfArray {
  const object = document.file.resolve(entry);
  return Array.isArray(object) ? object : [];
}
