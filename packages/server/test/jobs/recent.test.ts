import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Job } from '../../src/jobs/job.ts';
import { createRecent } from '../../src/jobs/recent.ts';

const open: Job = {
  id: '01234567-89ab-4def-8123-456789abcdef',
  tenant: 0,
  operation: '/pdf/merge',
  status: 'waiting',
  resultToken: 'token',
  resultName: 'result.pdf',
  outcome: undefined,
  failure: undefined,
  createdAt: new Date(0),
  startedAt: undefined,
  endedAt: undefined,
  expiresAt: new Date(60_000),
  credits: 0,
  progress: 0,
  stage: undefined,
};
const ended: Job = { ...open, status: 'success', endedAt: new Date(1_000) };

it('knows an open job until it has ended, and an ended one until it expires', () => {
  let now = 0;
  const recent = createRecent(() => now);
  assert.equal(recent.find(open.id), null);
  recent.keep(open);
  assert.equal(recent.find(open.id)?.status, 'waiting');
  recent.keep(ended);
  assert.equal(recent.find(open.id)?.status, 'success');
  now = 60_000;
  assert.equal(recent.find(open.id), null);
});

it('never takes an ended job for an open one, in whatever order it hears of them', () => {
  const recent = createRecent(() => 0);
  recent.keep(ended);
  recent.keep(open);
  assert.equal(recent.find(open.id)?.status, 'success');
});

it('forgets the oldest, so that its memory has a bound', () => {
  const recent = createRecent(() => 0);
  recent.keep(open);
  for (let count = 0; count < 10_000; count++) recent.keep({ ...open, id: `other ${count}` });
  assert.equal(recent.find(open.id), null);
  assert.equal(recent.find('other 9999')?.id, 'other 9999');
});
