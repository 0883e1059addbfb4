import type { ParsedCall } from '../operations/operation.ts';
import type { Turn } from './dispatch.ts';
import type { Job, JobFailure, JobOutcome, JobStatus, Stage } from './job.ts';

/** A row of the job's table, by the names of its columns. */
export interface JobRow {
  readonly id: string;
  readonly tenant: number;
  readonly operation: string;
  readonly status: JobStatus;
  readonly result_token: string;
  readonly result_name: string;
  readonly outcome: JobOutcome | null;
  readonly failure: JobFailure | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly expires_at: Date;
  readonly credits: number;
  readonly progress: number;
  readonly stage: Stage | null;
}
/** A call as its row keeps it. */
export interface StoredCall extends ParsedCall {
  /** Base of the links in its result and in its callback; absent in rows of an earlier version. */
  readonly base?: string;
}
/** What a claim gives: a turn, and the job that it is about where there is one. */
export type ClaimRow = { readonly turn_id: string; readonly turn: number } & (
  | (JobRow & {
      readonly call: StoredCall;
      readonly needs: readonly string[] | null;
      readonly claims: number;
    })
  | { readonly tenant: null }
);

/** A job that a runner has to itself until it has ended it, or given it back. */
export interface Claim {
  readonly job: Job;
  readonly call: StoredCall;
  /** Keys of the stored files that it reads. */
  readonly needs: readonly string[];
  readonly turn: Turn;
  readonly attempt: number;
  readonly claims: number;
}

/** Reads a row. */
export function toJob(row: JobRow): Job {
  return {
    id: row.id,
    tenant: row.tenant,
    operation: row.operation,
    status: row.status,
    resultToken: row.result_token,
    resultName: row.result_name,
    outcome: row.outcome ?? undefined,
    failure: row.failure ?? undefined,
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
    expiresAt: row.expires_at,
    credits: row.credits,
    progress: row.progress,
    stage: row.stage ?? undefined,
  };
}

/** True for a job that nothing will change any more. */
export function hasEnded(job: Job): boolean {
  return job.status !== 'waiting' && job.status !== 'working';
}
