import type { Operation } from './operation.ts';
import pdfMerge from './pdf/merge.ts';

/** Every operation, one line each. */
const all: readonly Operation[] = [pdfMerge];

/** Operations by path, without `/v1`. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  all.map((operation) => [operation.path, operation]),
);
