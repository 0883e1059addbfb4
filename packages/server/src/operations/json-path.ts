import type { PathStep } from '../engines/capabilities.ts';

const lengthMax = 500;
const stepsMax = 20;
/** Each step into all depths comes to everything in what the one before came to. */
const deepStepsMax = 2;

/** A step as it is written: `.name`, `.*`, `[1]`, `[-1]`, `[*]`, `['name']`, and each of them after `..`. */
const step =
  /(?:(?<deep>\.\.)|\.|(?=\[))(?:\[(?:(?<index>-?\d{1,6})|\*|'(?<quoted>[^'\\]*)'|"(?<double>[^"\\]*)")\]|\*|(?<name>[\p{L}\p{N}_@#-]+))/uy;

/**
 * The steps of a JSONPath (RFC 9535) of names, indices and `*`; undefined where it has more. Filters are left out: nobody is known to send
 * one, and they are little programs.
 */
export function jsonPath(text: string): readonly PathStep[] | undefined {
  const path = text.trim();
  if (path === '') return [];
  if (!path.startsWith('$') || path.length > lengthMax) return undefined;
  const steps: PathStep[] = [];
  for (let at = 1; at < path.length; at = step.lastIndex) {
    step.lastIndex = at;
    const { groups } = step.exec(path) ?? {};
    if (groups === undefined) return undefined;
    steps.push({ isDeep: groups['deep'] !== undefined, pick: pickOf(groups) });
  }
  const isShort = steps.length <= stepsMax && steps.filter(({ isDeep }) => isDeep).length <= deepStepsMax;
  return isShort ? steps : undefined;
}

function pickOf({ index, quoted, double, name }: { [group: string]: string | undefined }): PathStep['pick'] {
  const found = name ?? quoted ?? double;
  if (found !== undefined) return { name: found };
  return index === undefined ? 'all' : { index: Number(index) };
}
