/** What archives hold, and what they claim to: hostile ones end in a refusal that names the input. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe } from 'node:test';
import { archivesProgram, createArchivesEngine, unpackLimits } from '../../src/engines/archives/engine.ts';
import type { Engine } from '../../src/engines/engine.ts';
import { Failure } from '../../src/errors.ts';
import { tiers } from '../../src/sandbox/open.ts';
import type { BoxPool } from '../../src/sandbox/sandbox.ts';
import { zipOf } from '../program/zip.ts';
import { filesIn, openWorkshop } from './workshop.ts';

const [pdf, text] = ['%PDF-1.7 and so on', 'a text'];

for (const tier of tiers) {
  describe(`the engine of archives in ${tier}`, { timeout: 60_000 }, () => {
    let pool: BoxPool;
    let engine: Engine;
    /** Of the last call. */
    let directory = '';
    const { folder, file, context, test } = openWorkshop(tier, (sandbox, at) => {
      pool = sandbox.pool(archivesProgram({ size: 1 }));
      engine = createArchivesEngine(pool, { directory: at });
    });

    async function unpack(files: readonly (Buffer | string)[], by = engine) {
      const handles = files.map((bytes, index) => file(bytes, `${index}.bin`));
      const own = context();
      ({ directory } = own);
      assert.ok(by.abilities['files.unpack']);
      const made = await by.abilities['files.unpack']({ files: handles }, own);
      return made.files.map(({ file: { path, number, name, sizeBytes }, kind }) => {
        const content = readFileSync(path, 'utf8');
        assert.equal(sizeBytes, Buffer.byteLength(content));
        return [number, name, kind, content];
      });
    }
    /** What a client hears of the second of two files; nothing of the call is left. */
    async function refusal(bytes: Buffer | string, by = engine): Promise<string> {
      let said = '';
      await assert.rejects(unpack([pdf, bytes], by), (error) => {
        assert.ok(error instanceof Failure, String(error));
        assert.equal(error.status, 442);
        said = error.message;
        return true;
      });
      assert.match(said, / 2 \("1\.bin"\) /);
      assert.deepEqual(filesIn(directory), []);
      return said;
    }

    test('is ready, and leaves nothing of its probe', async () => {
      assert.deepEqual(await engine.probe(), { ready: true, says: 'Unpacks archives.' });
      assert.deepEqual(readdirSync(folder), ['boxes']);
    });

    test('tells PDFs by their first bytes, and puts what archives hold in their place', async () => {
      const archive = zipOf([
        { name: 'z.pdf', data: pdf },
        { name: 'folder/' },
        { name: '__MACOSX/folder/._a', data: text },
        { name: 'folder/.DS_Store', data: text },
        { name: 'folder/a.txt', data: text, isStored: true },
        { name: 'long', data: text, isLong: true },
        { name: 'empty' },
      ]);
      assert.deepEqual(await unpack([text, archive, `something before ${pdf}`]), [
        [1, '0.bin', 'other', text],
        [2, 'z.pdf', 'pdf', pdf],
        [2, 'folder/a.txt', 'office', text],
        [2, 'long', 'other', text],
        [2, 'empty', 'other', ''],
        [3, '2.bin', 'pdf', `something before ${pdf}`],
      ]);
    });

    test('takes names for labels: none leads anywhere', async () => {
      const names = ['/etc/passwd', '../../up', 'C:\\windows\\x', 'a\u0000b', 'x'.repeat(5_000), 'ü/é'];
      const found = await unpack([zipOf(names.map((name) => ({ name, data: text })))]);
      assert.deepEqual(
        found.map(([, name]) => name),
        [...names.slice(0, 4), 'x'.repeat(100), 'ü/é'],
      );
      assert.deepEqual(
        filesIn(directory).map((path) => basename(path)),
        names.map((_, index) => `unpacked-${index + 1}`),
      );
    });

    const one = { name: 'a', data: text };
    type Hostile = readonly [what: string, archive: () => Buffer | string, says: RegExp];
    const hostile: readonly Hostile[] = [
      ['only begins like one', () => 'PK\u0003\u0004 and nothing more', /it is damaged/],
      ['is cut off', () => zipOf([one]).subarray(0, 60), /it is damaged/],
      ['is empty', () => zipOf([]), /it holds no files/],
      ['holds only what is passed over', () => zipOf([{ name: 'folder/' }]), /it holds no files/],
      [
        'holds another one',
        () => zipOf([{ name: 'In.zip', data: zipOf([one]) }]),
        /its file In\.zip is an archive too/,
      ],
      [
        'holds another one that is damaged',
        () => zipOf([{ name: 'In.zip', data: zipOf([one]).subarray(0, 60) }]),
        /its file In\.zip is an archive too/,
      ],
      ['is encrypted', () => zipOf([{ ...one, flags: 1 }]), /its file a is encrypted/],
      ['holds a link', () => zipOf([{ ...one, mode: 0o120777 }]), /its file a is a link/],
      ['holds a device', () => zipOf([{ ...one, mode: 0o020666 }]), /its file a is a link or a device/],
      ['holds a name twice', () => zipOf([one, one]), /two files of the name a/],
      ['is packed in an unusual way', () => zipOf([{ ...one, method: 14 }]), /unusual method/],
      ['has another checksum', () => zipOf([{ ...one, checksum: 1 }]), /it is damaged/],
      [
        'holds more than it says',
        () => zipOf([{ ...one, data: Buffer.alloc(1e7), bytes: 100 }]),
        /it is damaged/,
      ],
      ['holds less than it says', () => zipOf([{ ...one, bytes: 100 }]), /it is damaged/],
      ['says that it holds too much', () => zipOf([{ ...one, bytes: 2 ** 32 - 2 }]), /too large/],
      ['says that it holds terabytes', () => zipOf([{ ...one, bytes: 2 ** 45, isLong: true }]), /too large/],
      ['has no Flate data', () => zipOf([{ ...one, isStored: true, method: 8 }]), /it is damaged/],
      ['has data elsewhere', () => zipOf([{ ...one, offset: 5 }]), /it is damaged/],
      ['has data behind its end', () => zipOf([{ ...one, offset: 1e9 }]), /it is damaged/],
      ['has a directory elsewhere', () => zipOf([one], { offset: 1e9 }), /it is damaged/],
      ['counts more entries', () => zipOf([one], { count: 3 }), /it is damaged/],
      ['counts too many entries', () => zipOf([one], { count: 60_000 }), /more than 10000 files/],
    ];
    for (const [what, archive, says] of hostile)
      test(`refuses an archive that ${what}, and says which it is`, async () => {
        assert.match(await refusal(archive()), says);
      });

    test('unpacks no more than its limits, of all archives of a call together', async () => {
      const by = (limits: object) =>
        createArchivesEngine(pool, { directory: folder, limits: { ...unpackLimits, ...limits } });
      const three = zipOf([one, { ...one, name: 'b' }, { ...one, name: 'c' }]);
      const [bytes, files, entries] = [by({ bytesMax: 18 }), by({ filesMax: 4 }), by({ entriesMax: 3 })];
      assert.equal((await unpack([three], bytes)).length, 3);
      await assert.rejects(unpack([three, zipOf([one])], bytes), /too large/);
      assert.equal((await unpack([pdf, three], files)).length, 4);
      assert.match(await refusal(zipOf([...'abcd'].map((name) => ({ ...one, name }))), files), /4 files/);
      assert.match(await refusal(zipOf([...'abcd'].map((name) => ({ ...one, name }))), entries), /3 files/);
    });
  });
}
