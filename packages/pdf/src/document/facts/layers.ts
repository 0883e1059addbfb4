import { readLayers } from '../carriers/layers-read.ts';
import type { Facts } from './facts.ts';

/** A layer: an optional content group (ISO 32000-2, 8.11.2). */
export interface LayerInfo {
  readonly name: string;
  /** Whether it is shown when the document is opened. */
  readonly isVisible: boolean;
}

/** Layers that are told. */
const LAYERS_MAX = 10_000;

/** The layers of a document in the order in which they are listed. */
export function layers(facts: Facts): readonly LayerInfo[] {
  const { document, file } = facts;
  if (!(facts.get(document.catalog, 'OCProperties') instanceof Map)) return [];
  const reference = (number: number, generation: number): number =>
    file.has(number, generation) ? number : 0;
  const { groups, off } = readLayers({ document, reference });
  const hidden = new Set(off);
  return facts.first(groups, LAYERS_MAX, 'The layers').map((number) => {
    const group = facts.object(number);
    return { name: facts.textOf(group, 'Name') ?? '', isVisible: !hidden.has(number) };
  });
}
