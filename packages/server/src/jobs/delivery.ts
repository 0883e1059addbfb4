import type { Database } from '../database/database.ts';
import { sentence } from '../database/down.ts';
import type { Log } from '../platform/log.ts';
import { untilItAnswers } from './claims.ts';
import { finishDelivery, giveBackDelivery, putOff } from './sql/deliver.ts';

/** What came of one POST: the status of its answer, or why there is none. `refused`: no other attempt can do better. */
export type Posted = { readonly status: number } | { readonly failed: string; readonly refused: boolean };
/** Sends JSON to the link of a stranger, once. Throws when the signal aborts. */
export type Post = (link: string, json: string, stop: AbortSignal) => Promise<Posted>;

/** What a callback is to hear, taken for one attempt. */
export interface Delivery {
  /** Id of the job, which may be deleted by now. */
  readonly job: string;
  readonly link: string;
  readonly body: string;
  /** With the one that it was taken for. */
  readonly attempts: number;
}

export interface DeliverParts {
  readonly database: Database;
  readonly post: Post;
  readonly log: Log;
  /** How long after each failed attempt the next is made; after the last there is none. */
  readonly againMs: readonly number[];
}

const gone = 410;

/** Makes one attempt and writes down what came of it. Gives the time until the next, undefined where there is none. */
export async function deliver(
  delivery: Delivery,
  stop: AbortSignal,
  parts: DeliverParts,
): Promise<number | undefined> {
  const { job, link, body, attempts } = delivery;
  const say = (sql: string, ...more: unknown[]) =>
    untilItAnswers(() => parts.database.query(sql, [job, attempts, ...more]), stop);
  const posted = await parts.post(link, body, stop).catch((error: unknown) => {
    if (stop.aborted) return undefined;
    return { failed: sentence(error), refused: false };
  });
  if (posted === undefined) return void (await say(giveBackDelivery));
  const waitMs = isLast(posted) ? undefined : parts.againMs[attempts - 1];
  if (!isDelivered(posted)) complain(delivery, posted, waitMs, parts.log);
  await (waitMs === undefined ? say(finishDelivery) : say(putOff, waitMs));
  return waitMs;
}

/** Without the link, which may hold a secret of its owner. */
function complain({ job, attempts }: Delivery, posted: Posted, waitMs: number | undefined, log: Log): void {
  const reason = 'failed' in posted ? posted.failed : `it answered ${posted.status}`;
  if (waitMs === undefined) log.warn('callback was given up', { job, attempts, reason });
  else log.info('callback is tried again', { job, attempts, reason, waitMs });
}

function isDelivered(posted: Posted): boolean {
  return 'status' in posted && posted.status >= 200 && posted.status < 300;
}

/** Whether another attempt would be of no use. */
function isLast(posted: Posted): boolean {
  if ('failed' in posted) return posted.refused;
  return isDelivered(posted) || posted.status === gone;
}
