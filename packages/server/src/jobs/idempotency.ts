import { createHash, createHmac } from 'node:crypto';

import type { Database, Statement } from '../database/database.ts';
import { Failure } from '../errors.ts';
import type { Links } from '../links/links.ts';
import type { Clock } from '../platform/clock.ts';
import { readKey } from '../storage/key.ts';
import { isOf } from './files.ts';
import type { Job, NewJob } from './job.ts';
import { toJob, type JobRow } from './row.ts';
import { findKey, takeKey } from './sql/keys.ts';

/** Raised by `octavo.take_key`. */
export const keyTaken = 'OC004';
const keptMs = 24 * 3_600_000;

/** What a call is known by that was sent with an Idempotency-Key. */
export interface KeyedCall {
  readonly tenant: number;
  readonly key: Buffer;
  readonly call: Buffer;
}

/**
 * Two calls are the same where all their fields are, but for how they want to be answered. Of a file that came with the call its bytes
 * and its name count, as a retry stores it under another token: `needs` says which bytes. The key itself is the secret of the digest,
 * and only its own digest is kept: a password in the call cannot be guessed from what is stored.
 */
export function keyedCall({ tenant, operation, call, needs }: NewJob, key: string, links: Links): KeyedCall {
  const plain = JSON.stringify({ operation, own: call.own, job: call.job }, (_, value: unknown) =>
    isObject(value) ? comparable(value, needs, links) : value,
  );
  return {
    tenant,
    key: createHash('sha256').update(key).digest(),
    call: createHmac('sha256', key).update(plain).digest(),
  };
}

function comparable(
  value: Readonly<Record<string, unknown>>,
  needs: readonly string[],
  links: Links,
): object {
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const { kind, token, name, async, httppassword } = value;
  if (async !== undefined && httppassword !== undefined)
    return Object.fromEntries(members.filter(([member]) => member !== 'async'));
  const link = kind === 'part' && typeof token === 'string' ? links.read(token) : null;
  const stored = link && needs.find((one) => isOf(link, one));
  const sha256 = stored && readKey(stored)?.sha256;
  return sha256 ? { kind, name, sha256 } : Object.fromEntries(members);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Takes the key for a job, in the transaction that accepts it: fails by `keyTaken` where another job has it. */
export function takeStatement({ tenant, key, call }: KeyedCall, job: Job, clock: Clock): Statement {
  const now = clock.now();
  return { sql: takeKey, values: [tenant, key, call, job.id, new Date(now + keptMs), new Date(now)] };
}

/**
 * The job that was made by the same call with the same key; null where the key is not known. Throws the Failures `keyReused` for
 * another call, and `keyJobExpired`.
 */
export async function findByKey(
  { tenant, key, call }: KeyedCall,
  { database, clock }: { readonly database: Database; readonly clock: Clock },
): Promise<Job | null> {
  const now = clock.now();
  const [row] = await database.query<
    { readonly key_call: Buffer } & (JobRow | { readonly id: null; readonly tenant: null })
  >(findKey, [tenant, key, new Date(now)]);
  if (row === undefined) return null;
  if (!row.key_call.equals(call)) throw new Failure('keyReused');
  if (row.tenant === null || row.expires_at.getTime() <= now) throw new Failure('keyJobExpired');
  return toJob(row);
}
