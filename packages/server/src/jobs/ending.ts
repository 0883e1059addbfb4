import type { Statement } from '../database/database.ts';
import { readLink } from '../net/link.ts';
import { type Credits, creditsOf } from './credits.ts';
import type { Job } from './job.ts';
import type { StoredCall } from './row.ts';
import { callbackBody } from './state.ts';
import { withoutNul } from './text.ts';

export interface Ending {
  readonly sql: string;
  /** For a job with a callback. */
  readonly sqlAndDeliver: string;
  /** The attempt or the tenant that ends it. */
  readonly by: number;
  /** Whether other processes wait to hear of it. */
  readonly tell: boolean;
  readonly credits: Pick<Credits, 'remaining'>;
}

/** The statement that makes the row of a job what `job` says, with what its callback is to hear. */
export async function endStatement(job: Job, call: StoredCall, ending: Ending): Promise<Statement> {
  const { outcome, failure } = job;
  const values = [
    job.id,
    ending.by,
    job.status,
    outcome && JSON.stringify(outcome),
    failure && JSON.stringify(failure),
    job.endedAt,
    job.credits,
    ending.tell,
  ];
  if (!hasCallback(call)) return { sql: ending.sql, values };
  const link = withoutNul(call.job.callback);
  // Until its end a job is held against what is left as if it will succeed.
  const remaining = await ending.credits.remaining(job.tenant, creditsOf('success') - job.credits);
  const delivery = [link, hostOf(link), callbackBody(job, call.base ?? '', remaining)];
  return { sql: ending.sqlAndDeliver, values: [...values, ...delivery] };
}

export function hasCallback({ job }: StoredCall): boolean {
  return job.callback !== '';
}

/** Of what is no link: empty. */
function hostOf(link: string): string {
  try {
    return readLink(link, 'callback').host;
  } catch {
    return '';
  }
}
