import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';

import { Failure } from '../../src/errors.ts';
import { type FileLink, slotOf, wholeMinutes } from '../../src/links/links.ts';
import type { Source } from '../../src/operations/fields.ts';
import { open, temporaryDirectory } from '../database/harness.ts';
import { copyOf, startWorld, type World, write } from './harness.ts';

describe('sources', () => {
  const directory = temporaryDirectory();
  let database: Awaited<ReturnType<typeof open>>;
  let world: World;
  let now = Date.now();
  const asked: { link: string; username: string; password: string }[] = [];
  before(async () => {
    database = await open(directory);
    world = await startWorld(
      database,
      directory,
      { write },
      {
        clock: { now: () => now },
        async download(link, { path, username, password }) {
          asked.push({ link, username, password });
          await writeFile(path, 'from outside');
          return { sizeBytes: 12, name: 'outside.txt' };
        },
      },
    );
  });
  after(async () => {
    await world.jobs.stop(0);
    await database.close();
  });

  const upload = async (more: Partial<FileLink> = {}, bytes = 'uploaded') => {
    const link: FileLink = {
      kind: 'upload',
      id: crypto.randomUUID().replaceAll('-', ''),
      tenant: 0,
      expiresAt: wholeMinutes(now + 3_600_000),
      ...more,
    };
    if (bytes !== '') await world.storage.put(slotOf(link), oneChunk(bytes), 100);
    return link;
  };
  const at = (token: string, host = 'http://localhost:8080'): Source => ({
    kind: 'link',
    link: `${host}/files/${token}/a%20b.txt`,
  });
  const copy = async (source: Source, tenant = 0) =>
    world.end(await world.jobs.queue.accept({ tenant, ...copyOf(source) }));
  const check = (source: Source, tenant = 0) => world.jobs.sources.check(source, tenant, 'file');
  const isFailure = (row: string) => (error: unknown) => error instanceof Failure && error.row === row;

  it('are read from storage where they are ours, whatever their host', async () => {
    const token = world.links.file(await upload());
    for (const host of [
      'http://localhost:8080',
      'https://octavo.example',
      '127.0.0.1:8080',
      'http://[::1]',
    ]) {
      await check(at(token, host));
      const ended = await copy(at(token, host));
      assert.equal(await world.read(ended), 'uploaded');
    }
    assert.deepEqual(asked, []);
  });

  it('may be the target of an upload, or a part of the call', async () => {
    const link = await upload();
    const token = world.links.upload(link, wholeMinutes(now));
    const source: Source = { kind: 'link', link: `http://localhost/upload/${token}/name` };
    await check(source);
    assert.equal(await world.read(await copy(source)), 'uploaded');
    const part: Source = { kind: 'part', token: world.links.file(link), name: '../../etc/passwd' };
    await check(part);
    assert.equal(await world.read(await copy(part)), 'uploaded');
  });

  it('may be named by a file token, which never leads outside', async () => {
    asked.length = 0;
    const token = world.links.file(await upload());
    for (const link of [`filetoken://${token}`, `FileToken://${token}/`]) {
      await check({ kind: 'link', link });
      assert.equal(await world.read(await copy({ kind: 'link', link })), 'uploaded');
    }
    for (const link of [
      `filetoken://${token}A`,
      'filetoken://example.com/a',
      'filetoken:',
      `filetoken://${token}?x`,
    ]) {
      await assert.rejects(check({ kind: 'link', link }), isFailure('linkUnknown'), link);
      assert.equal((await copy({ kind: 'link', link })).failure?.row, 'linkUnknown');
    }
    assert.deepEqual(asked, []);
  });

  it('are read for a call as they are for a job, and are let go afterwards', async () => {
    const reading = {
      tenant: 1,
      field: 'url',
      username: '',
      password: '',
      signal: new AbortController().signal,
    };
    const link = await upload({ tenant: 1 });
    const source = at(world.links.file(link));
    const read = (more: Partial<typeof reading> = {}) =>
      world.jobs.sources.read(source, { ...reading, ...more }, async (bytes, name) => {
        // It may be deleted meanwhile: who has begun to read goes on.
        await world.jobs.files.delete(link);
        return `${name}: ${await textOf(bytes as Readable)}`;
      });
    await assert.rejects(read({ tenant: 2 }), isFailure('linkUnknown'));
    assert.equal(await read(), 'a b.txt: uploaded');
    await assert.rejects(read(), isFailure('linkUnknown'));
  });

  it('may be the result of a job that has ended well', async () => {
    const first = await world.end(await world.accept('write', { text: 'a result' }));
    await check(at(first.resultToken));
    assert.equal(await world.read(await copy(at(first.resultToken))), 'a result');
    // Its own result does not exist before it has one.
    const failed = await copy(at(world.links.file(await upload({}, ''))));
    assert.equal(failed.status, 'failed');
    await assert.rejects(check(at(failed.resultToken)), isFailure('linkUnknown'));
  });

  it('that were changed in storage are never read: the job fails, and the log says which file', async () => {
    const link = await upload({}, 'x'.repeat(50));
    const { key } = (await world.storage.find(slotOf(link))) ?? assert.fail();
    await writeFile(join(directory, 'files', 'files', key), 'y'.repeat(50));
    const ended = await copy(at(world.links.file(link)));
    assert.deepEqual(
      [ended.status, ended.failure?.row, ended.failure?.status],
      ['failed', 'fileDamaged', 500],
    );
    assert.doesNotMatch(ended.failure?.message ?? '', new RegExp(`${link.id}|/`));
    const line = world.lines.find(({ event }) => event === 'stored file is damaged');
    assert.ok(String(line?.['detail']).includes(key));
  });

  it('of another tenant do not exist', async () => {
    const mine = at(world.links.file(await upload({ tenant: 1 })));
    await check(mine, 1);
    for (const tenant of [0, 2]) {
      await assert.rejects(check(mine, tenant), isFailure('linkUnknown'));
      assert.equal((await copy(mine, tenant)).failure?.row, 'linkUnknown');
    }
    const result = await world.end(await world.accept('write', { tenant: 1 }));
    await check(at(result.resultToken), 1);
    await assert.rejects(check(at(result.resultToken), 2), isFailure('linkUnknown'));
  });

  it('that were never uploaded to, or have expired, do not exist', async () => {
    const never = at(world.links.file(await upload({}, '')));
    await assert.rejects(
      check(never),
      (error) => isFailure('linkUnknown')(error) && /"file"/.test(String(error)),
    );
    assert.equal((await copy(never)).failure?.row, 'linkUnknown');
    const soon = at(world.links.file(await upload({ expiresAt: wholeMinutes(now + 60_000) })));
    await check(soon);
    now += 180_000;
    await assert.rejects(check(soon), isFailure('linkUnknown'));
    assert.equal((await copy(soon)).failure?.row, 'linkUnknown');
  });

  it('that only look like ours are foreign', async () => {
    const forged = at(`${'A'.repeat(48)}A`);
    await check(forged);
    assert.equal(await world.read(await copy(forged)), 'from outside');
    await assert.rejects(check({ kind: 'part', token: 'A'.repeat(49), name: '' }), isFailure('linkUnknown'));
  });

  it('that are foreign are brought by the one door out, with https where nothing is said', async () => {
    asked.length = 0;
    for (const link of ['example.com/a.pdf', 'HTTP://example.com/a.pdf'])
      assert.equal(await world.read(await copy({ kind: 'link', link })), 'from outside');
    assert.deepEqual(
      asked.map(({ link }) => link),
      ['https://example.com/a.pdf', 'http://example.com/a.pdf'],
    );
  });

  it('that are no links are refused before they are accepted', async () => {
    for (const link of ['', ' ', 'http://', 'http://a b/', 'https://exa mple'])
      await assert.rejects(check({ kind: 'link', link }), isFailure('linkInvalid'), link);
    for (const link of ['ftp://example.com/a', 'file:///etc/passwd'])
      await assert.rejects(
        check({ kind: 'link', link }),
        (error) => isFailure('sourceRefused')(error) || isFailure('linkInvalid')(error),
        link,
      );
    await check({ kind: 'link', link: 'example.com/a.pdf' });
  });
});

async function* oneChunk(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
