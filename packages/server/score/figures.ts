import type { Group } from './fixtures/fixture.ts';
import { type Measure, measures, type Result } from './run.ts';

/** Of one group of documents, by one measure: the mean of each reader, from 0 to 1, in the order of the readers. */
export interface Figure {
  readonly group: Group;
  readonly measure: Measure;
  readonly documents: number;
  readonly means: readonly (number | undefined)[];
}

export interface Figures {
  readonly readers: readonly string[];
  readonly rows: readonly Figure[];
}

/** All means; what no document of a group has is left out. */
export function figures(results: readonly Result[], readers: readonly string[]): Figures {
  const groups = [...new Set(results.map(({ fixture }) => fixture.group))];
  const rows = groups.flatMap((group) =>
    measures.flatMap((measure) => {
      const lists = readers.map((reader) => scoresOf(results, group, measure, reader));
      const documents = Math.max(...lists.map((list) => list.length));
      return documents === 0 ? [] : [{ group, measure, documents, means: lists.map(mean) }];
    }),
  );
  return { readers, rows };
}

function scoresOf(
  results: readonly Result[],
  group: Group,
  measure: Measure,
  reader: string,
): readonly number[] {
  return results
    .filter((result) => result.fixture.group === group && result.reader === reader)
    .flatMap(({ scores }) => scores[measure] ?? []);
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0) / values.length;
}
