import type { Operation } from './operation.ts';
import pdfMerge from './pdf/merge.ts';
import { pipelineOf } from './pipeline.ts';

/** Every operation, one line each. */
const all: readonly Operation[] = [pdfMerge];

const byPath = (some: readonly Operation[]): ReadonlyMap<string, Operation> =>
  new Map(some.map((operation) => [operation.path, operation]));

/** Operations by path, without `/v1`. */
export const operations: ReadonlyMap<string, Operation> = byPath([...all, pipelineOf(byPath(all))]);
