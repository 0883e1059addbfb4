import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../../errors.ts';
import { BoxDied } from '../../sandbox/sandbox.ts';
import type { FileHandle } from '../capabilities.ts';
import type { EngineContext } from '../engine.ts';
import { allParts, type PagesReply, type Part } from './messages.ts';

/** How pages are divided among boxes. */
export interface Division {
  /** Boxes that work at once. */
  readonly boxes: number;
  /** Time that one box has for all, before what is left is divided: most documents end before. */
  readonly aloneMsMax: number;
  /** Time for each page; 60 s where it is left out. */
  readonly pageMsMax?: number;
}

/** Parts for each box, as pages take longer or shorter. */
const partsPerBox = 2;
/** A page that says how to draw itself for ever would keep a box from everybody else for as long as a job may take. */
const pageMsUsual = 60_000;
/** Pages below which a part costs more than it saves: each box opens the document, and its fonts. */
const partPagesMin = 16;

/**
 * Reads pages in one box, and what is left after a while in several at once: `read` reads one part. Answers in the order of the pages.
 * Nothing works any more when it throws.
 */
export async function readInParts<Answer extends PagesReply>(
  read: (part: Part, context: EngineContext) => Promise<Answer>,
  { boxes, aloneMsMax, pageMsMax = pageMsUsual }: Division,
  context: EngineContext,
): Promise<readonly [Answer, ...Answer[]]> {
  const end = performance.now() + context.wallMsMax;
  const readPart = (part: Part, own: EngineContext) =>
    read(part, { ...own, stepMsMax: pageMsMax }).catch((error: unknown) => rethrowStuck(error, pageMsMax));
  const first = await readPart({ ...allParts, msMax: boxes > 1 ? aloneMsMax : undefined }, context);
  const rest = divide(first.next, first.pageCount, boxes);
  if (rest.length === 0) return [first];
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  const wallMsMax = Math.max(1, end - performance.now());
  const reading = rest.map(async (part) => {
    try {
      const answer = await readPart(part, { ...context, signal, wallMsMax });
      if (answer.next !== part.to) throw new BoxDied('crash', 'It did not read what it was asked to.');
      return answer;
    } catch (error) {
      if (!failed.signal.aborted) failed.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(reading);
  // The reason is what went wrong first: others end because of it.
  if (failed.signal.aborted) throw failed.signal.reason;
  return [first, ...(await Promise.all(reading))];
}

/** A page that takes too long is the document's fault: another try would end in the same way. */
function rethrowStuck(error: unknown, pageMsMax: number): never {
  if (!(error instanceof BoxDied) || error.why !== 'stuck') throw error;
  const reason = `a page takes longer than ${Math.ceil(pageMsMax / 1_000)} s`;
  throw new Failure('documentTooComplex', { reason }, { detail: error.message, cause: error });
}

/** As many parts as boxes can make use of. */
function divide(from: number, count: number, boxes: number): (Part & { readonly to: number })[] {
  const parts: (Part & { readonly to: number })[] = [];
  const pages = Math.max(partPagesMin, Math.ceil((count - from) / (boxes * partsPerBox)));
  for (let at = from; at < count; at += pages)
    parts.push({ from: at, to: Math.min(count, at + pages), msMax: undefined });
  return parts;
}

/** Appends files to the first of them. */
export async function joinFiles([first, ...rest]: readonly [
  FileHandle,
  ...FileHandle[],
]): Promise<FileHandle> {
  let { sizeBytes } = first;
  for (const file of rest) {
    await pipeline(createReadStream(file.path), createWriteStream(first.path, { flags: 'a' }));
    await rm(file.path);
    sizeBytes += file.sizeBytes;
  }
  return { ...first, sizeBytes };
}
