import { nameOf, type PdfArray, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import type { DocumentCopy } from '../copy.ts';
import type { OfDocument } from '../document.ts';
import { readOrder } from './layers-order.ts';

/** A document, and the numbers by which its groups are to be known. */
export type LayerNumbers = Pick<DocumentCopy, 'document' | 'reference'>;

/** The layers of one document; groups by their new numbers, `order` and `usage` in terms of the old file. */
export interface Layers {
  readonly groups: readonly number[];
  /** Groups that are said to be on, and those that are off. What is neither is on. */
  readonly on: readonly number[];
  readonly off: readonly number[];
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

function states(
  copy: LayerNumbers,
  config: PdfDictionary,
  references: ReadonlyMap<number, PdfReference>,
  intents: readonly string[],
): Pick<Layers, 'on' | 'off'> {
  const on = groupsIn(copy, config.get('ON'));
  const off = groupsIn(copy, config.get('OFF'));
  const baseOff = nameOf(copy.document.file.resolve(config.get('BaseState'))) === 'OFF';
  const hidden = [...references.keys()].filter(
    (number) =>
      (off.has(number) || (baseOff && !on.has(number))) && isHeeded(copy, references.get(number)!, intents),
  );
  const isHidden = new Set(hidden);
  // Also those that are off without being heeded: the result may heed more intents than this document did.
  const shown = [...references.keys()].filter(
    (number) => !isHidden.has(number) && (on.has(number) || off.has(number) || baseOff),
  );
  return { on: shown, off: hidden };
}

/** Whether a configuration of these intents looks at the state of a group; if not, the group is visible. */
function isHeeded(copy: LayerNumbers, reference: PdfReference, intents: readonly string[]): boolean {
  if (intents.includes('All')) return true;
  const group = copy.document.file.resolve(reference);
  const own = namesIn(copy, group instanceof Map ? group.get('Intent') : undefined);
  return own.includes('All') || own.some((intent) => intents.includes(intent));
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
