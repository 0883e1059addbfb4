import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { frame, FrameReader } from '../../src/sandbox/frames.ts';
import { BoxDied } from '../../src/sandbox/sandbox.ts';
import { openWork } from './tiers.ts';

const step = Buffer.alloc(4);

describe('steps of a call', () => {
  it('are heard before its answer, however their bytes come', () => {
    const bytes = Buffer.concat([step, step, frame({ reply: 1 })]);
    for (const size of [1, 3, 5, bytes.length]) {
      const reader = new FrameReader();
      let hasStepped = false;
      let message: unknown;
      for (let at = 0; at < bytes.length; at += size) {
        const heard = reader.push(bytes.subarray(at, at + size));
        hasStepped ||= heard.hasStepped;
        message ??= heard.message;
      }
      assert.deepEqual([hasStepped, message], [true, { reply: 1 }], `in pieces of ${size}`);
    }
    assert.equal(new FrameReader().push(frame({ reply: 1 })).hasStepped, false);
  });

  it('are not taken without end, nor behind the answer', () => {
    assert.throws(() => new FrameReader().push(Buffer.alloc(4 * 20_000)), /more steps/);
    assert.throws(() => new FrameReader().push(Buffer.concat([frame({}), step])), /more than an answer/);
  });

  it('may take long together, but not one of them', async (t) => {
    const work = await openWork(t, 'limited');
    if (work === undefined) return;
    assert.equal((await work.ask('steps', { ms: 3_000 }, { stepMsMax: 2_000 })).reply, 'done');
    await assert.rejects(
      work.ask('loop', {}, { stepMsMax: 100 }),
      (error) => error instanceof BoxDied && error.why === 'stuck',
    );
    assert.equal((await work.ask('echo', { text: 'next' })).reply, 'next');
  });
});
