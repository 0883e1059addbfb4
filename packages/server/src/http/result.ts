import { json } from 'node:stream/consumers';
import { Failure } from '../errors.ts';
import type { Job } from '../jobs/job.ts';
import { type ResultShape, stemOf } from '../operations/operation.ts';
import type { Edge } from './options.ts';

/**
 * The members of a synchronous answer that hold the result of a job, as its operation answers. What is not a file is read back from
 * storage, so that it is the same that `url` leads to. Throws `fileUnknown` where it was deleted meanwhile.
 */
export async function readResult(
  edge: Pick<Edge, 'storage'>,
  { answers, makes }: ResultShape,
  job: Job,
  url: string,
): Promise<Readonly<Record<string, unknown>>> {
  if (answers === 'url') return { url, name: job.resultName };
  const value = await readJson(edge, job);
  if (answers === 'urls') return { urls: value, name: `${stemOf(job.resultName)}.${makes}` };
  return { [answers.member]: value };
}

async function readJson({ storage }: Pick<Edge, 'storage'>, job: Job): Promise<unknown> {
  const bytes = await storage.read(job.outcome?.storageKey ?? '');
  if (bytes === null) throw new Failure('fileUnknown');
  return json(bytes);
}
