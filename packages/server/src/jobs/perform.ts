import { mkdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { Failure } from '../errors.ts';
import { label, type Links, linkTo, partSlot, slotOf, slotsOfResult } from '../links/links.ts';
import type { Operation, Outcome, ResultShape } from '../operations/operation.ts';
import type { Log } from '../platform/log.ts';
import { BoxDied } from '../sandbox/sandbox.ts';
import { nothingNeeded, type Storage } from '../storage/storage.ts';
import { removeSlots } from './files.ts';
import { type JobFailure, type JobOutcome, resultLink } from './job.ts';
import type { ProgressBoard, Reporter } from './progress.ts';
import type { Quotas } from './quotas.ts';
import type { Claim } from './row.ts';
import { sealed } from './sealing.ts';
import { withoutNul } from './text.ts';
import { type ToolParts, toolsOf, type Try } from './tools.ts';

const boxDeathsMax = 3;
const claimsMax = 10;
const databaseMs = 250;

/** How a job ends: `undefined` where nothing is to be said, as somebody else has it, or will have it. */
export type End = { readonly outcome: JobOutcome } | { readonly failure: JobFailure } | undefined;

export interface PerformParts extends ToolParts {
  readonly operations: ReadonlyMap<string, Operation>;
  readonly storage: Storage;
  readonly quotas: Quotas;
  readonly progress: ProgressBoard;
  readonly links: Links;
  /** Where each try gets a directory of its own. */
  readonly directory: string;
  readonly wallMsMax: number;
  readonly log: Log;
  /** Gives the number of deaths so far; undefined where the claim is lost. */
  readonly countBoxDeath: (claim: Claim) => Promise<number | undefined>;
}

/** Runs a job until it has a result or a failure. `signal` aborts when the claim is no longer ours. */
export async function perform(claim: Claim, signal: AbortSignal, parts: PerformParts): Promise<End> {
  const { log } = parts;
  // Its server died under it each time: it may well be the cause.
  if (claim.claims > claimsMax) return failed(new Failure('boxDied', { times: claim.claims - 1 }));
  const late = new AbortController();
  const endsAt = performance.now() + parts.wallMsMax;
  const timer = globalThis.setTimeout(() => late.abort(), parts.wallMsMax);
  const either = AbortSignal.any([signal, late.signal]);
  let place = '';
  const enter = (now: string) => (place = now);
  try {
    for (let number = 1; ; number++) {
      if (signal.aborted) return undefined;
      enter('');
      try {
        const msLeft = () => Math.max(1, endsAt - performance.now());
        return { outcome: await tryOnce(claim, number, { msLeft, signal: either, enter }, parts) };
      } catch (error) {
        if (signal.aborted) return undefined;
        if (late.signal.aborted) return failed(tooLong(parts.wallMsMax), place);
        const end = await endOf(error, place, claim, parts);
        if (end !== 'again') return end;
      }
    }
  } catch (error) {
    log.error('job cannot be ended', { job: claim.job.id, reason: String(error) });
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** One try in a directory of its own, which is gone afterwards. */
async function tryOnce(
  claim: Claim,
  number: number,
  more: Pick<Try, 'msLeft' | 'signal' | 'enter'>,
  parts: PerformParts,
): Promise<JobOutcome> {
  const { job, call } = claim;
  const operation = parts.operations.get(job.operation);
  if (operation === undefined) throw new Error(`there is no operation ${job.operation}`);
  const directory = join(parts.directory, `${job.id}.${claim.attempt}.${number}`);
  // Synchronous, as are the other small calls around a job: handing one to a thread takes longer than the call.
  mkdirSync(directory, { mode: 0o700 });
  try {
    const progress = parts.progress.begin(job, operation.sources(call).length);
    const tools = toolsOf({ claim, directory, progress, ...more }, parts);
    const outcome = await orAborted(operation.run(call.own, tools), more.signal);
    more.enter('');
    const made = await sealed(outcome, call.job.sealing, { directory, signal: more.signal });
    const stored = await store(claim, made, { directory, progress }, parts);
    return made === outcome ? { ...stored, ...inlineOf(operation.shapeOf(call)) } : stored;
  } finally {
    // Nobody has to wait for that; what a crash leaves goes with the next start.
    rm(directory, { recursive: true, force: true }).catch((error: unknown) =>
      parts.log.warn('directory of a job stays', { job: job.id, reason: String(error) }),
    );
  }
}

function inlineOf({ answers, makes }: ResultShape): Pick<JobOutcome, 'inline'> {
  return typeof answers === 'object' ? { inline: { ...answers, isText: makes !== 'json' } } : {};
}

/** Ends when the signal says so, also where what runs does not hear it. */
async function orAborted<T>(running: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    if (signal.aborted) abort();
    return await Promise.race([running, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * Each attempt stores in a slot of its own, so that none can touch what another has published. Of several files each has a slot,
 * and the result is the list of their links.
 */
async function store(
  claim: Claim,
  outcome: Outcome,
  { directory, progress }: { readonly directory: string; readonly progress: Reporter },
  parts: PerformParts,
): Promise<JobOutcome> {
  const { pageCount, says } = outcome;
  const warnings = [...(claim.call.warnings ?? []), ...(outcome.warnings ?? [])];
  const more = { pageCount, warnings, ...(says === undefined ? {} : { says }) };
  progress.storing(0, 'files' in outcome ? outcome.files.length : 1);
  if ('file' in outcome) return { ...(await storeOne(claim, outcome.file.path, parts)), ...more };
  if ('body' in outcome) return { ...(await storeJson(claim, outcome.body, directory, parts)), ...more };
  const { files } = outcome;
  try {
    for (let at = 0; at < files.length; at += storedAtOnce) {
      const some = files.slice(at, at + storedAtOnce);
      await Promise.all(some.map((file, index) => storeOne(claim, file.path, parts, at + index + 1)));
      progress.storing(at + some.length, files.length);
    }
    const labels = differentLabels(files.map(({ name }) => name));
    const { base = '' } = claim.call;
    const tokenOf = (part: number) => parts.links.file({ ...resultLink(claim.job), part });
    const urls = labels.map((one, index) => linkTo(base, 'files', tokenOf(index + 1), one));
    return { ...(await storeJson(claim, urls, directory, parts)), parts: files.length, ...more };
  } catch (error) {
    await removeResult(claim, files.length, parts).catch(() => {});
    throw error;
  }
}

/** Each waits for the disk. */
const storedAtOnce = 32;

async function storeOne(
  claim: Claim,
  path: string,
  parts: PerformParts,
  part?: number,
): Promise<Pick<JobOutcome, 'storageKey' | 'sizeBytes'>> {
  const slot = resultSlot(claim);
  const file = await parts.storage.adopt(part === undefined ? slot : partSlot(slot, part), path);
  await parts.quotas.result(claim.job.tenant, file, claim.job.expiresAt).catch((error: unknown) => {
    parts.log.warn('a result is not counted', { job: claim.job.id, reason: String(error) });
  });
  return { storageKey: file.key, sizeBytes: file.sizeBytes };
}

async function storeJson(claim: Claim, value: unknown, directory: string, parts: PerformParts) {
  const path = join(directory, 'octavo-result.json');
  await writeFile(path, JSON.stringify(value), { mode: 0o600, flag: 'wx' });
  return storeOne(claim, path, parts);
}

/** Clients save files under the last part of their links: no two may be the same, in any letter case. */
function differentLabels(names: readonly string[]): string[] {
  const taken = new Map<string, number>();
  return names.map((name) => {
    const wanted = label(name, 'file');
    for (let number = taken.get(wanted.toLowerCase()) ?? 1; ; number++) {
      const different = number === 1 ? wanted : wanted.replace(/(\.[^.]*)?$/, `_${number}$1`);
      taken.set(wanted.toLowerCase(), number + 1);
      if (number > 1 && taken.has(different.toLowerCase())) continue;
      taken.set(different.toLowerCase(), taken.get(different.toLowerCase()) ?? 2);
      return different;
    }
  });
}

/** Where an attempt stores its result. */
export function resultSlot({ job, attempt }: Pick<Claim, 'job' | 'attempt'>): string {
  return slotOf(resultLink(job), attempt);
}

/** Deletes what an attempt has stored that nobody was told of. */
export async function removeResult(
  claim: Claim,
  count: number,
  { storage, quotas }: Pick<PerformParts, 'storage' | 'quotas'>,
): Promise<void> {
  const slots = slotsOfResult(resultSlot(claim), count);
  await removeSlots(slots, claim.job.tenant, { storage, quotas, needed: nothingNeeded });
}

async function endOf(
  error: unknown,
  place: string,
  claim: Claim,
  parts: PerformParts,
): Promise<End | 'again'> {
  // That is nothing the client did: the job waits for the database as everybody does.
  if (error instanceof Failure && error.row === 'databaseDown')
    return setTimeout(databaseMs, 'again' as const);
  if (error instanceof Failure) {
    const fields = { job: claim.job.id, row: error.row, detail: error.detail };
    if (error.row === 'fileDamaged') parts.log.error('stored file is damaged', fields);
    parts.log.info('job failed', fields);
    return failed(error, place);
  }
  if (!(error instanceof BoxDied)) {
    parts.log.error('job failed by a mistake of ours', { job: claim.job.id, reason: stackOf(error) });
    return failed(new Failure('internal', { request: claim.job.id }), place);
  }
  parts.log.warn('box died', { job: claim.job.id, why: error.why, reason: error.message });
  if (error.why === 'wall-clock') return failed(tooLong(parts.wallMsMax), place);
  const deaths = await parts.countBoxDeath(claim);
  if (deaths === undefined) return undefined;
  return deaths < boxDeathsMax ? 'again' : failed(new Failure('boxDied', { times: deaths }), place);
}

function tooLong(wallMsMax: number): Failure {
  return new Failure('jobTooLong', { limit: `${Math.round(wallMsMax / 1000)} s` });
}

/** `place`: the part of the job that failed, where it has parts. */
function failed(failure: Failure, place = ''): End {
  const { row, status, message } = place === '' ? failure : failure.within(place);
  return { failure: { row, status, message: withoutNul(message) } };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
