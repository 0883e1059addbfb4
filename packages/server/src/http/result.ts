import type { Readable } from 'node:stream';
import { buffer, json, text } from 'node:stream/consumers';
import { Failure } from '../errors.ts';
import type { Job, JobOutcome } from '../jobs/job.ts';
import { unsealed } from '../jobs/sealing.ts';
import { type ParsedCall, type ResultShape, stemOf } from '../operations/operation.ts';
import type { Edge } from './options.ts';

/**
 * The members of a synchronous answer that hold the result of a job, as its operation answers. What is not a file is read back from
 * storage, so that it is the same that `url` leads to. Throws `fileUnknown` where it was deleted meanwhile.
 */
export async function readResult(
  edge: Pick<Edge, 'storage'>,
  { answers, makes }: ResultShape,
  { job, url, call }: { readonly job: Job; readonly url: string; readonly call: ParsedCall },
): Promise<Readonly<Record<string, unknown>>> {
  if (answers === 'url') return { url, name: job.resultName };
  const isInline = typeof answers === 'object';
  // A client that wants it in the answer holds all of it at once, and so would this process.
  if (isInline && (job.outcome?.sizeBytes ?? 0) > inlineBytesMax) return { url, name: job.resultName };
  if (isInline) {
    // What stands in the answer is not sealed: that is for what lies in storage.
    const read = readerOf({ ...answers, isText: makes !== 'json' });
    const { sealing } = call.job;
    return { [answers.member]: await readBack(edge, job, (bytes) => read(unsealed(bytes, sealing))) };
  }
  const value = await readBack(edge, job, json);
  return { urls: value, name: `${stemOf(job.resultName)}.${makes}` };
}

const inlineBytesMax = 16 * 1024 * 1024;
/** Of a job that is asked for: a client that does not wait may ask several times. */
const checkedBytesMax = 1024 * 1024;

/** The member that holds the result of a job that has ended, where its answer does, and it is small; else none. */
export async function readInline(
  edge: Pick<Edge, 'storage'>,
  job: Job,
): Promise<Readonly<Record<string, unknown>>> {
  const { inline, sizeBytes = 0 } = job.outcome ?? {};
  if (inline === undefined || sizeBytes > checkedBytesMax) return {};
  try {
    return { [inline.member]: await readBack(edge, job, readerOf(inline)) };
  } catch (error) {
    // It was deleted, or cannot be read at the moment: what is said of the job holds all the same, and so does its link.
    if (error instanceof Failure) return {};
    throw error;
  }
}

function readerOf({
  isText,
  dataUri,
}: NonNullable<JobOutcome['inline']>): (bytes: Readable) => Promise<unknown> {
  if (dataUri === undefined) return isText ? text : json;
  return async (bytes) => `data:${dataUri};base64,${(await buffer(bytes)).toString('base64')}`;
}

async function readBack(
  { storage }: Pick<Edge, 'storage'>,
  job: Job,
  read: (bytes: Readable) => Promise<unknown>,
): Promise<unknown> {
  const key = job.outcome?.storageKey ?? '';
  const bytes = key === '' ? null : await storage.read(key);
  if (bytes === null) throw new Failure('fileUnknown');
  return read(bytes);
}
