import type { FailureName } from '../errors.ts';
import type { FileLink } from '../links/links.ts';
import type { ParsedCall } from '../operations/operation.ts';

export type JobStatus = 'waiting' | 'working' | 'success' | 'failed' | 'aborted';

/** What is done for a job that runs. */
export type Stage = 'fetching' | 'working' | 'storing';

/** The job's row: the only truth about it. */
export interface Job {
  /** UUID. Its digits are also the `id` of its result link. */
  readonly id: string;
  readonly tenant: number;
  /** Path of its operation: `/pdf/merge`. */
  readonly operation: string;
  readonly status: JobStatus;
  /** Token of the result link, known when the job is accepted. */
  readonly resultToken: string;
  /** Name of the result as it is told to the client, with its extension. */
  readonly resultName: string;
  /** How far it is, from 0 to 1; says nothing of one that has ended. */
  readonly progress: number;
  /** Of one that runs, where it is known. */
  readonly stage: Stage | undefined;
  /** Present on `success`. */
  readonly outcome: JobOutcome | undefined;
  /** Present on `failed` and `aborted`. */
  readonly failure: JobFailure | undefined;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  /** When the result and the row are deleted. */
  readonly expiresAt: Date;
  /** What it cost. */
  readonly credits: number;
}
export interface JobOutcome {
  /** Of the stored result; empty when it was deleted. */
  readonly storageKey: string;
  readonly sizeBytes: number;
  /** How many files the result is the list of; absent where it is a file itself. */
  readonly parts?: number;
  /** The member of answers that holds the result itself, where that was asked for; absent where it is not stored as it is. */
  readonly inline?: { readonly member: string; readonly isText: boolean; readonly dataUri?: string };
  readonly pageCount: number | undefined;
  readonly warnings: readonly string[];
  /** What else the operation says of its result, as members of the answer. */
  readonly says?: Readonly<Record<string, string | number | boolean>>;
}
/** What the client hears; `row` names the line of the table of failures. */
export interface JobFailure {
  readonly row: FailureName;
  readonly status: number;
  readonly message: string;
}

/** What the link of its result says. */
export function resultLink({ id, tenant, expiresAt }: Pick<Job, 'id' | 'tenant' | 'expiresAt'>): FileLink {
  return { kind: 'result', id: id.replaceAll('-', ''), tenant, expiresAt: expiresAt.getTime() };
}

export interface NewJob {
  readonly tenant: number;
  readonly operation: string;
  readonly call: ParsedCall;
  readonly resultName: string;
  /** Keys of the stored files that the call names, as they were when it was checked: these bytes the job reads, whatever comes. */
  readonly needs: readonly string[];
  /** Base of the links that are handed out: scheme and host by which the request came. */
  readonly base: string;
}

/** What the edge knows of jobs. */
export interface Queue {
  /** Resolves when the job is durable. Throws the Failures `overloaded`, `databaseDown`, `stopping`. */
  accept(job: NewJob): Promise<Job>;
  /**
   * The same, but for a call that was sent before with this key: then its job as it is, which is not new. Throws what `findByKey` does.
   */
  acceptOnce(job: NewJob, key: string): Promise<{ readonly job: Job; readonly isNew: boolean }>;
  /**
   * The job that this call has made when it was sent before with this key, within a day; null where the key is not known. Throws the
   * Failures `keyReused` where another call was sent with it, `keyJobExpired`, and `databaseDown`.
   */
  findByKey(job: NewJob, key: string): Promise<Job | null>;
  /** A job of this tenant, or null. */
  find(tenant: number, id: string): Promise<Job | null>;
  /** The job whose result link has this id (32 hexadecimal digits), whoever asks: the link is the proof. */
  findByResult(id: string): Promise<Job | null>;
  /** Says that the result of this job was deleted. Throws the Failure `databaseDown`. */
  forgetResult(id: string): Promise<void>;
  /**
   * Ends a job of this tenant as `aborted`, unless it has ended: no result of it is published any more, and what works on it dies.
   * Gives the job as it is then, or null. Throws the Failure `databaseDown`.
   */
  cancel(tenant: number, id: string): Promise<Job | null>;
  /** Resolves when the job has ended, by notification; with the job as it is then when `msMax` have passed, or `signal` aborts. */
  waitForEnd(id: string, msMax: number, signal: AbortSignal): Promise<Job | null>;
}
