import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import { preferencesOf } from '../../src/http/prefer.ts';
import { startEdge } from './edge.ts';
import { bare, send } from './raw.ts';

const link = 'http://a/b.pdf';

describe('Prefer', () => {
  it('is read as RFC 7240 has it', () => {
    for (const [prefer, respondAsync, waitMs] of [
      [undefined, false, undefined],
      ['', false, undefined],
      ['respond-async', true, undefined],
      ['Respond-Async; foo=bar', true, undefined],
      ['respond-async="", wait=10', true, 10_000],
      ['wait = "5" , wait=9', false, 5_000],
      ['handling=lenient, return="a, respond-async"', false, undefined],
      ['wait=soon, respond-asynchronously', false, undefined],
      ['wait=-1', false, undefined],
      [`${'x'.repeat(2_000)}, respond-async`, false, undefined],
    ] as const)
      assert.deepEqual(
        preferencesOf({ headers: { prefer } } as unknown as IncomingMessage),
        { respondAsync, waitMs },
        prefer,
      );
  });

  it('respond-async: 202 at once with the place of the job, for async=true too', async () => {
    await using edge = await startEdge({ syncWaitMs: 60_000 });
    for (const [query, prefer] of [
      ['', 'respond-async'],
      ['&async=true', 'respond-async'],
      ['&async=true', 'respond-async, wait=20'],
    ]) {
      const answer = await send(
        edge.port,
        bare(`GET /v1/pdf/merge?url=${link}${query}`, `Prefer: ${prefer}`),
      );
      const { url, jobId, ...rest } = answer.json();
      assert.deepEqual(rest, {
        error: false,
        status: 202,
        name: 'result.pdf',
        credits: 0,
        remainingCredits: 1_000_000,
      });
      assert.match(url, /^http:\/\/h\/files\/[\w-]+\/result\.pdf$/);
      const { location = '', 'preference-applied': applied } = answer.headers;
      assert.deepEqual([answer.status, location, applied], [202, `http://h/jobs/${jobId}`, 'respond-async']);
      const state = await send(edge.port, bare(`GET ${new URL(location).pathname}`));
      assert.partialDeepStrictEqual(state.json(), { jobId, status: 'working' });
    }
  });

  it('wait: no longer than that, and both: 202 for what takes longer', async () => {
    await using edge = await startEdge({ syncWaitMs: 60_000 });
    const late = await send(edge.port, bare(`GET /pdf/merge?url=${link}`, 'Prefer: wait=0'));
    assert.deepEqual([late.status, late.headers['preference-applied']], [445, 'wait=0']);
    assert.match(late.json().message, /longer than 0 seconds/);
    const both = 'Prefer: respond-async, wait=0';
    const accepted = await send(edge.port, bare(`GET /pdf/merge?url=${link}`, both));
    assert.deepEqual([accepted.status, accepted.json().status], [202, 202]);
    edge.queue.onAccept = (job) => ({
      status: 'success',
      endedAt: job.createdAt,
      outcome: { storageKey: 'k', sizeBytes: 1, pageCount: 1, warnings: [] },
    });
    const done = await send(edge.port, bare(`GET /pdf/merge?url=${link}`, both));
    assert.deepEqual([done.status, done.headers['preference-applied']], [200, 'wait=0']);
  });

  it('changes nothing where it is not sent, or asks for more than the server lets it', async () => {
    await using edge = await startEdge({ syncWaitMs: 10 });
    const classic = await send(edge.port, bare(`GET /pdf/merge?async=true&url=${link}`));
    assert.deepEqual([classic.status, 'location' in classic.headers], [200, false]);
    const long = await send(edge.port, bare(`GET /pdf/merge?url=${link}`, 'Prefer: wait=100'));
    assert.deepEqual([long.status, 'preference-applied' in long.headers], [445, false]);
  });
});
