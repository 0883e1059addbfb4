import type { PathStep } from '../../capabilities.ts';

/** What our JSON is made of. */
export type Value = string | readonly Value[] | { readonly [name: string]: Value };

/** Values at any step. Two steps into all depths come to some dozens of times the size of the document. */
const valuesMax = 1_000_000;

/** The values that a path leads to, in the order of the document; not all of them where there are too many. */
export function select(
  root: Value,
  path: readonly PathStep[],
): { readonly found: readonly Value[]; readonly isAll: boolean } {
  let isAll = true;
  let values: Value[] = [root];
  for (const { isDeep, pick } of path) {
    const next: Value[] = [];
    for (const value of isDeep ? values.flatMap((one) => [...within(one)]) : values) {
      next.push(...picked(value, pick));
      if (next.length > valuesMax) break;
    }
    isAll &&= next.length <= valuesMax;
    values = next.slice(0, valuesMax);
  }
  return { found: values, isAll };
}

/** The value and all that is in it. */
function* within(value: Value): Generator<Value> {
  yield value;
  if (typeof value === 'string') return;
  for (const one of Object.values(value) as Value[]) yield* within(one);
}

function picked(value: Value, pick: PathStep['pick']): readonly Value[] {
  if (typeof value === 'string') return [];
  if (pick === 'all') return Object.values(value) as Value[];
  if ('index' in pick) {
    const item = Array.isArray(value) ? (value.at(pick.index) as Value | undefined) : undefined;
    return item === undefined ? [] : [item];
  }
  if (Array.isArray(value) || !Object.hasOwn(value, pick.name)) return [];
  return [(value as Readonly<Record<string, Value>>)[pick.name] ?? ''];
}
