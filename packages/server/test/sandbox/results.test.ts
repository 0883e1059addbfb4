import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { tiers } from '../../src/sandbox/open.ts';
import { BoxDied } from '../../src/sandbox/sandbox.ts';
import { openWork, until } from './tiers.ts';

const crash = (error: unknown) => error instanceof BoxDied && error.why === 'crash';

for (const tier of tiers) {
  describe(`results of boxes in ${tier}`, { timeout: 60_000 }, () => {
    const refused: [string, Record<string, unknown>][] = [
      ['symlink', { target: '/etc/passwd' }],
      ['hardlink', {}],
      ['directory', {}],
      ['closedDirectory', {}],
      ['many', {}],
      ['names', { names: ['.hidden'] }],
      ['names', { names: ['two words'] }],
      ['names', { names: ['good', 'b\u0000d'.replace('\u0000', '\u0001')] }],
      ['names', { names: ['there'] }],
    ];
    it('are regular files with plain names, few, and new; or the box goes', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      const target = join(work.folder, 'target');
      mkdirSync(target);
      writeFileSync(join(target, 'there'), 'mine');
      for (const [deed, more] of refused) {
        await assert.rejects(work.ask(deed, more, { outputDirectory: target }), crash, deed);
        assert.deepEqual(readdirSync(target), ['there'], deed);
      }
      assert.equal(readFileSync(join(target, 'there'), 'utf8'), 'mine');
    });

    it('have a limit of bytes, for each and for all', async (t) => {
      const work = await openWork(t, tier, { limits: { fileBytesMax: 100_000 } });
      if (work === undefined) return;
      await assert.rejects(work.ask('big', { bytes: 100_001 }), crash);
      await assert.rejects(
        work.ask('names', { names: Array.from({ length: 65 }, (_, n) => `file-${n}`) }),
        crash,
      );
      assert.deepEqual((await work.ask('big', { bytes: 100_000 })).files, ['result']);
    });

    it('are gone from the box before the next call', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      writeFileSync(join(work.folder, 'a'), 'first');
      await work.ask('copy', {}, { inputs: [{ path: join(work.folder, 'a'), as: 'a' }] });
      await assert.rejects(work.ask('copy', { to: 'again' }), crash);
      assert.deepEqual((await work.ask('echo')).files, []);
    });

    it('leave no folder of a dead box behind', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      await assert.rejects(work.ask('closedDirectory'), crash);
      await work.ask('echo');
      const [own = ''] = readdirSync(work.boxes);
      await until(() => readdirSync(join(work.boxes, own)).filter((name) => name !== 'alive').length === 1);
    });

    it('refuses an input with a name that could lead elsewhere', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      const path = join(work.folder, 'a');
      writeFileSync(path, 'text');
      for (const as of ['../a', 'a/b', '.a', 'A', '']) {
        await assert.rejects(work.ask('echo', {}, { inputs: [{ path, as }] }), /no name for an input/, as);
      }
      await assert.rejects(
        work.ask('echo', {}, { inputs: [{ path: `${path}-missing`, as: 'a' }] }),
        /ENOENT/,
      );
      assert.equal((await work.ask('echo', { text: 'next' })).reply, 'next');
    });
  });
}
