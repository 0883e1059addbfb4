import type { ReadingOutput } from '../../capabilities.ts';
import { csvWriter } from './csv.ts';
import { simpleTextWriter } from './text-simple.ts';
import { textWriter } from './text.ts';
import type { Writer, Writing } from './writer.ts';

/** The writer of a format: one line for each. */
export async function writerFor(output: ReadingOutput, writing: Writing): Promise<Writer> {
  switch (output.as) {
    case 'text':
      return textWriter(writing);
    case 'text-simple':
      return simpleTextWriter(output, writing);
    case 'csv':
      return csvWriter(output, writing);
    default:
      throw new Error(`nothing writes ${output.as}`);
  }
}
