import type { FastifyReply } from 'fastify';
import type { Job } from '../jobs/job.ts';
import type { Edge } from './options.ts';

/**
 * The job when it has ended; or as it is when the time has passed, when the client goes away, or when the server ends those that wait
 * in `among`. Costs nothing while it waits.
 */
export async function waitForEnd(
  edge: Edge,
  among: Set<AbortController>,
  job: Job,
  ms: number,
  reply: FastifyReply,
): Promise<Job> {
  const wait = new AbortController();
  const end = () => wait.abort();
  among.add(wait);
  reply.raw.once('close', end);
  if (reply.raw.closed) end();
  try {
    return (await edge.queue.waitForEnd(job.id, ms, wait.signal)) ?? job;
  } finally {
    among.delete(wait);
    reply.raw.off('close', end);
  }
}
