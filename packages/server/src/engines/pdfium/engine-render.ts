import { availableParallelism } from 'node:os';
import { BoxDied, type BoxPool } from '../../sandbox/sandbox.ts';
import { fileIn, rethrowDeath } from '../answers.ts';
import type { Abilities, DrawnPage } from '../capabilities.ts';
import type { Ability, EngineContext } from '../engine.ts';
import { readReply } from '../octavo/replies.ts';
import { inputName } from './messages.ts';
import { pictureName, type RenderRequest, tiffName } from './render-messages.ts';

type Takes = Abilities['pdf.render']['takes'];
type Gives = Abilities['pdf.render']['gives'];

/** Pages that the first box draws: of more, several draw at the same time. */
const firstCount = 8;
/** Pages of each further call. */
const shareCount = 16;
/** One file is written by one box. */
const allPages = 1_000_000;

/** Draws pages: the first few in one box, which says how many there are, then the others in as many as there are processors. */
export function renderBy(pool: BoxPool): Ability<'pdf.render'> {
  return async (request, context) => {
    const endsAt = performance.now() + context.wallMsMax;
    const ask = (from: number, count: number, signal: AbortSignal) => {
      const wallMsMax = Math.max(1, Math.round(endsAt - performance.now()));
      return draw(pool, request, { from, count }, { ...context, wallMsMax, signal });
    };
    const first = await ask(0, request.settings.as === 'tiff' ? allPages : firstCount, context.signal);
    const froms: number[] = [];
    for (let from = first.pages.length; from < first.pageCount; from += shareCount) froms.push(from);
    const others = await inTurns(froms, availableParallelism(), context.signal, (from, signal) =>
      ask(from, shareCount, signal),
    );
    const shares = [first, ...others];
    return {
      files: shares.flatMap(({ files }) => files),
      pageCount: first.pageCount,
      pages: shares.flatMap((share) => share.pages),
      warnings: [...new Set(shares.flatMap(({ warnings }) => warnings))],
    };
  };
}

/** Some of the pages that were asked for. `pageCount` counts all of these. */
async function draw(
  pool: BoxPool,
  { document, pages, stem, settings }: Takes,
  { from, count }: Pick<RenderRequest, 'from' | 'count'>,
  { password, directory, wallMsMax, signal }: EngineContext,
): Promise<Gives> {
  const message: RenderRequest = { does: 'render', password, pages, from, count, settings };
  const inputs = [{ path: document.path, as: inputName }];
  const call = { message, inputs, outputDirectory: directory, wallMsMax, signal };
  const { reply, files } = await pool.run(call).catch(rethrowDeath);
  const { pageCount, warnings } = readReply(reply, [document]);
  const drawn = readDrawn(reply);
  if (drawn.length !== Math.min(count, pageCount - from))
    throw new BoxDied('crash', 'It drew other pages than it was asked for.');
  const left = new Set(files);
  const made =
    settings.as === 'tiff'
      ? [{ ...fileIn(directory, tiffName, left), name: `${stem}.tif` }]
      : drawn.map(({ index }, at) => ({
          ...fileIn(directory, pictureName(from + at), left),
          name: `${stem}-${index}.${settings.as}`,
        }));
  return { files: made, pageCount, pages: drawn, warnings };
}

/** What a reply says of the pages that were drawn. Throws BoxDied where it makes no sense. */
function readDrawn(reply: unknown): DrawnPage[] {
  const { drawn } = reply as { readonly drawn?: unknown };
  if (!Array.isArray(drawn)) throw new BoxDied('crash', 'It named no pages.');
  return drawn.map((page: Partial<Record<string, unknown>> | null) => {
    const [index, width, height] = [page?.['index'], page?.['width'], page?.['height']].map(Number);
    if (!Number.isSafeInteger(index) || !Number.isFinite(width) || !Number.isFinite(height))
      throw new BoxDied('crash', 'It named a page that cannot be.');
    return { index, width, height } as DrawnPage;
  });
}

/** Runs calls, `atOnce` of them at a time, and gives what they give in the order of `items`. The first that fails ends the others. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  signal: AbortSignal,
  run: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const left = [...items.entries()];
  const results: Result[] = [];
  const failed = new AbortController();
  const both = AbortSignal.any([signal, failed.signal]);
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined && !both.aborted; next = left.shift())
      results[next[0]] = await run(next[1], both);
  };
  const errors: unknown[] = [];
  const workers = Array.from({ length: atOnce }, () =>
    work().catch((error: unknown) => {
      errors.push(error);
      failed.abort();
    }),
  );
  await Promise.all(workers);
  if (errors.length > 0) throw errors[0];
  return results;
}
