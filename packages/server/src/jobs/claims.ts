import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import type { Database } from '../database/database.ts';
import { Failure } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import { type Credits, creditsOf } from './credits.ts';
import type { Dispatch, Turn } from './dispatch.ts';
import { endStatement, hasCallback } from './ending.ts';
import type { Job } from './job.ts';
import type { End } from './perform.ts';
import type { ProgressBoard } from './progress.ts';
import { toJob, type Claim, type ClaimRow, type JobRow } from './row.ts';
import { beat, countBoxDeath } from './sql/beat.ts';
import { claim, withoutWaiting } from './sql/claim.ts';
import { end, endAndDeliver, endedBy } from './sql/end.ts';
import { findLost } from './sql/find.ts';
import { release, releaseDead } from './sql/release.ts';

const againMs = 200;

/** What a runner says to the database. */
export interface Claims {
  /** Claims up to `count` jobs. */
  take(count: number): Promise<Claim[]>;
  /** Ends a job, waiting for the database as long as `signal` lets it. Null where somebody else has the job. */
  end(claim: Claim, how: NonNullable<End>, signal: AbortSignal): Promise<Job | null>;
  /** Gives a job back as if it had never been claimed. */
  release(claim: Claim): Promise<void>;
  /** Says that we live, and how far each is. Gives the claims that are not ours any more. */
  beat(claims: readonly Claim[]): Promise<readonly Claim[]>;
  /** Gives back the jobs of workers that were not heard of for so long; 0 for all jobs that anybody works on. Their number. */
  releaseDead(seconds: number): Promise<number>;
  /** Puts waiting jobs up for the taking that pg-boss has lost. Their number. */
  resendLost(acceptedBefore: number): Promise<number>;
  countBoxDeath(claim: Claim, signal: AbortSignal): Promise<number | undefined>;
}

/** Makes each statement of a runner one round trip. */
export function createClaims({
  database,
  dispatch,
  clock,
  credits,
  progress,
  deliver = () => {},
}: {
  readonly database: Database;
  readonly dispatch: Dispatch;
  readonly clock: Clock;
  readonly credits: Pick<Credits, 'remaining'>;
  readonly progress: Pick<ProgressBoard, 'of'>;
  /** Called when there may be something for a callback to hear. */
  readonly deliver?: () => void;
}): Claims {
  /** Both sides in one transaction: our row waits, and pg-boss has it to give. */
  async function giveBack(sql: string, values: readonly unknown[]): Promise<number> {
    return database.transaction(async (tx) => {
      const ids = (await tx.query<{ id: string }>(sql, values)).map(({ id }) => id);
      const again = ids.length > 0 ? await dispatch.sendAgain(ids) : [];
      for (const statement of again) await tx.query(statement.sql, statement.values);
      return ids.length;
    });
  }

  async function endOnce(one: Claim, how: NonNullable<End>): Promise<Job | null> {
    const { outcome, failure } = { outcome: undefined, failure: undefined, ...how };
    const status = failure === undefined ? 'success' : 'failed';
    const ended: Job = {
      ...one.job,
      status,
      outcome,
      failure,
      credits: creditsOf(status),
      endedAt: new Date(clock.now()),
    };
    const statement = await endStatement(ended, one.call, {
      sql: end,
      sqlAndDeliver: endAndDeliver,
      by: one.attempt,
      tell: !database.alone,
      credits,
    });
    const [rows] = await database.together([statement, await dispatch.remove(one.turn)]);
    return firstJob(rows) ?? firstJob(await database.query(endedBy, [one.job.id, one.attempt]));
  }

  return {
    async take(count) {
      // A number that no claim before can have had, also one that a crash of the database made forget.
      const attempt = randomInt(1, 2 ** 31);
      const [, rows] = await database.together([
        { sql: withoutWaiting },
        { sql: claim(await dispatch.take(count)), values: [attempt, new Date(clock.now())] },
      ]);
      const turns = (rows as ClaimRow[]).map((row) => toClaim(row, attempt));
      const stray = turns.filter((turn): turn is Turn => !('job' in turn));
      for (const turn of stray) await database.together([await dispatch.remove(turn)]);
      return turns.filter((turn): turn is Claim => 'job' in turn);
    },
    async end(one, how, signal) {
      try {
        return await untilItAnswers(() => endOnce(one, how), signal);
      } finally {
        // Also where no answer came: it may have been done all the same.
        if (hasCallback(one.call)) deliver();
      }
    },
    async release(one) {
      await giveBack(release, [one.job.id, one.attempt]);
    },
    async beat(claims) {
      const ids = claims.map(({ job }) => job.id);
      const attempts = claims.map(({ attempt }) => attempt);
      const said = claims.map(({ job }) => progress.of(job.id));
      const [, rows] = await database.together([
        { sql: withoutWaiting },
        {
          sql: beat,
          values: [ids, attempts, said.map((one) => one?.progress ?? 0), said.map((one) => one?.stage)],
        },
      ]);
      const held = new Set(
        (rows as { id: string; attempt: number }[]).map(({ id, attempt }) => `${id} ${attempt}`),
      );
      return claims.filter(({ job, attempt }) => !held.has(`${job.id} ${attempt}`));
    },
    releaseDead: (seconds) => giveBack(releaseDead, [seconds]),
    resendLost: (acceptedBefore) => giveBack(findLost, [new Date(acceptedBefore)]),
    countBoxDeath: (one, signal) =>
      untilItAnswers(async () => {
        const rows = await database.query<{ box_deaths: number }>(countBoxDeath, [one.job.id, one.attempt]);
        return rows[0]?.box_deaths;
      }, signal),
  };
}

function firstJob(rows: readonly object[] | undefined): Job | null {
  const row = rows?.[0];
  return row === undefined ? null : toJob(row as JobRow);
}

function toClaim(row: ClaimRow, attempt: number): Claim | Turn {
  const turn = { id: row.turn_id, retryCount: row.turn };
  if (row.tenant === null) return turn;
  return { job: toJob(row), call: row.call, needs: row.needs ?? [], turn, attempt, claims: row.claims };
}

/** For what must be said, however long the database is away. */
export async function untilItAnswers<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Failure && error.row === 'databaseDown') || signal.aborted) throw error;
      await setTimeout(againMs);
    }
  }
}
