import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fixture, Truth } from './fixtures/fixture.ts';
import { gridScore, shapeScore, tableScore } from './measures/cells.ts';
import { orderScore, wordScore } from './measures/words.ts';
import type { Reader, Reading } from './readers/reader.ts';

/** From 0 to 1; undefined where the document has nothing of the kind, or the reader does not make it. */
export interface Scores {
  readonly words: number | undefined;
  readonly order: number | undefined;
  readonly grid: number | undefined;
  readonly tables: number | undefined;
  /** Of tables: as many rows and columns as there are. */
  readonly shape: number | undefined;
}

export type Measure = keyof Scores;
export const measures: readonly Measure[] = ['words', 'order', 'grid', 'tables', 'shape'];

/** What one reader made of one document. */
export interface Result {
  readonly fixture: Fixture;
  readonly truth: Truth;
  readonly reader: string;
  readonly reading: Reading;
  readonly scores: Scores;
  /** Why there is no reading. */
  readonly failure: string | undefined;
}

/** Lets every reader read every document, one after the other, and closes them. */
export async function readAll(
  fixtures: readonly Fixture[],
  readers: readonly Reader[],
): Promise<readonly Result[]> {
  const directory = mkdtempSync(join(tmpdir(), 'octavo-score-'));
  const path = join(directory, 'document.pdf');
  const results: Result[] = [];
  try {
    for (const fixture of fixtures) {
      const truth = fixture.draw();
      writeFileSync(path, truth.bytes);
      for (const reader of readers) {
        const { reading, failure } = await attempt(reader, truth.bytes, path);
        results.push({
          fixture,
          truth,
          reader: reader.name,
          reading,
          failure,
          scores: judge(truth, reading),
        });
      }
    }
  } finally {
    for (const reader of readers) reader.close?.();
    rmSync(directory, { recursive: true });
  }
  return results;
}

async function attempt(
  reader: Reader,
  bytes: Uint8Array,
  path: string,
): Promise<{ readonly reading: Reading; readonly failure: string | undefined }> {
  try {
    return { reading: await reader.read({ bytes, path }), failure: undefined };
  } catch (error) {
    return { reading: { text: '', inOrder: '', tables: [], grid: [] }, failure: String(error) };
  }
}

function judge(truth: Truth, reading: Reading): Scores {
  const { tables, grids } = truth;
  return {
    words: reading.text === undefined ? undefined : wordScore(truth.text, reading.text),
    order:
      !truth.isOrdered || reading.inOrder === undefined ? undefined : orderScore(truth.text, reading.inOrder),
    grid: grids === undefined || reading.grid === undefined ? undefined : gridScore(grids, reading.grid),
    tables:
      tables === undefined || reading.tables === undefined
        ? undefined
        : tableScore(tables, reading.tables, truth.mayHaveMore),
    shape:
      tables === undefined || reading.tables === undefined ? undefined : shapeScore(tables, reading.tables),
  };
}
