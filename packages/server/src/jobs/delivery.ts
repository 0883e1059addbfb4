import type { Database } from '../database/database.ts';
import { sentence } from '../database/down.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { untilItAnswers } from './claims.ts';
import { waitMs } from './schedule.ts';
import type { Secrets } from './secrets.ts';
import { signatureHeaders } from './signature.ts';
import { failDelivery, finishDelivery, giveBackDelivery } from './sql/deliver.ts';

/** What came of one POST: the status of its answer, or why there is none. `refused`: no other attempt can do better. */
export type Posted =
  | { readonly status: number; readonly retryAfter?: string | undefined }
  | { readonly failed: string; readonly refused: boolean };
/** Sends JSON to the link of a stranger, once. Throws when the signal aborts. */
export type Post = (
  link: string,
  json: string,
  stop: AbortSignal,
  headers: Readonly<Record<string, string>>,
) => Promise<Posted>;

/** What a callback is to hear, taken for one attempt. */
export interface Delivery {
  /** Id of the job, which may be deleted by now. Also what receivers know all attempts by. */
  readonly job: string;
  readonly tenant: number;
  readonly link: string;
  readonly host: string;
  readonly body: string;
  /** With the one that it was taken for. */
  readonly attempts: number;
  /** The fence: no other attempt has this number. */
  readonly turn: number;
}

export interface DeliverParts {
  readonly database: Database;
  readonly post: Post;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
  /** How long after each failed attempt the next is made at the latest; after the last there is none. */
  readonly againMs: readonly number[];
  /** From 0 to below 1. */
  readonly random: () => number;
}

const gone = 410;

/** Makes one attempt and writes down what came of it. Gives the time until the next, undefined where there is none. */
export async function deliver(
  delivery: Delivery,
  stop: AbortSignal,
  parts: DeliverParts,
): Promise<number | undefined> {
  const { job, turn } = delivery;
  const ask = <T>(call: () => Promise<T>) => untilItAnswers(call, stop);
  const say = (sql: string, ...more: unknown[]) => ask(() => parts.database.query(sql, [job, turn, ...more]));
  const posted = await send(delivery, await ask(() => parts.secrets.of(delivery.tenant)), stop, parts);
  if (posted === undefined) return void (await say(giveBackDelivery));
  if (isDelivered(posted)) return void (await say(finishDelivery));
  const wait = untilNext(delivery, posted, parts);
  complain(delivery, posted, wait, parts.log);
  const { status, failed } = { status: undefined, failed: undefined, ...posted };
  await say(failDelivery, wait, status, failed);
  return wait;
}

/** Undefined where it was ended by `stop`. */
async function send(
  { job, link, body }: Delivery,
  secrets: readonly string[],
  stop: AbortSignal,
  { post, clock }: DeliverParts,
): Promise<Posted | undefined> {
  try {
    const headers = signatureHeaders({ id: job, body, nowMs: clock.now(), secrets });
    return await post(link, body, stop, headers);
  } catch (error) {
    return stop.aborted ? undefined : { failed: sentence(error), refused: false };
  }
}

function untilNext(
  { attempts }: Delivery,
  posted: Posted,
  { againMs, random, clock }: DeliverParts,
): number | undefined {
  const boundMs = againMs[attempts - 1];
  if (boundMs === undefined || isLast(posted)) return undefined;
  const retryAfter = 'status' in posted ? posted.retryAfter : undefined;
  return waitMs(boundMs, random, retryAfter, clock.now());
}

/** Without the link, which may hold a secret of its owner. */
function complain({ job, attempts }: Delivery, posted: Posted, wait: number | undefined, log: Log): void {
  const reason = 'failed' in posted ? posted.failed : `it answered ${posted.status}`;
  if (wait === undefined) log.warn('callback was given up', { job, attempts, reason });
  else log.info('callback is tried again', { job, attempts, reason, waitMs: wait });
}

function isDelivered(posted: Posted): boolean {
  return 'status' in posted && posted.status >= 200 && posted.status < 300;
}

/** Whether another attempt after this failed one would be of no use. */
function isLast(posted: Posted): boolean {
  if ('failed' in posted) return posted.refused;
  return posted.status === gone;
}
