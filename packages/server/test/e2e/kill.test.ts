/**
 * kill -9 of the server, of a box or of the postmaster at random moments under uploads and merges; nothing that was acknowledged
 * may be lost. OCTAVO_TEST_KILLS sets the number of kills, OCTAVO_TEST_SEED replays a run.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { bytesSource, info } from '@octavo/pdf';
import { openEmbedded } from '../../src/database/embedded.ts';
import { audit } from '../../src/jobs/audit.ts';
import { createNeeds } from '../../src/jobs/needs.ts';
import { createSweeper } from '../../src/jobs/sweeper.ts';
import { silentLog } from '../../src/platform/log.ts';
import { createFileStorage } from '../../src/storage/file.ts';
import { createS3Storage } from '../../src/storage/s3.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { Client } from '../program/client.ts';
import { onePagePdf } from '../program/document.ts';
import { boxes, postmaster } from '../program/processes.ts';
import { freePort, type Running, startOctavo } from '../program/server.ts';
import { bucketFor, s3 } from '../storage/s3-bucket.ts';

const kills = Number(process.env['OCTAVO_TEST_KILLS'] ?? 20);
const seed = Number(process.env['OCTAVO_TEST_SEED'] ?? Date.now() % 1_000_000_007);
const clientsAtOnce = 4;

/** Where files lie: each with its settings, and how they are opened afterwards. */
const onDisk = async () => ({
  env: {},
  open: (directory: string): Promise<Storage> => createFileStorage({ directory }),
});
const inS3 = async () => {
  const { location, setting } = await bucketFor('kill');
  return {
    env: { OCTAVO_STORAGE: setting },
    open: (directory: string): Promise<Storage> => createS3Storage({ location, directory }),
  };
};
type Place = Awaited<ReturnType<typeof onDisk>>;

for (const [name, place, count, skip] of [
  ['on disk', onDisk, kills, false],
  ['in S3', inS3, Math.ceil(kills / 4), s3 === undefined && 'OCTAVO_TEST_S3 names no server'],
] as const)
  it(
    `loses nothing that was acknowledged in ${count} kills, ${name}`,
    { timeout: 60_000 + count * 15_000, skip },
    async (t) => {
      t.diagnostic(`seed ${seed}: OCTAVO_TEST_SEED=${seed} OCTAVO_TEST_KILLS=${kills} replays it`);
      const root = await mkdtemp(join(tmpdir(), 'octavo-kill-'));
      const { env, open } = await place();
      const scene = new Scene(join(root, 'data'), await freePort(), random(seed), env);
      try {
        await scene.play(count);
        const seen = await scene.verify();
        t.diagnostic(`${JSON.stringify(scene.killed)}; kept: ${seen.uploads} uploads, ${seen.jobs} jobs`);
        const { server, box, postmaster: database } = scene.killed;
        assert.equal(server + box + database, count);
        await scene.end();
        const left = await sweepAndCompare(join(root, 'data'), open);
        t.diagnostic(JSON.stringify(left));
        assert.deepEqual(
          { ...left, files: 0, stray: 0 },
          { files: 0, stray: 0, expired: 0, orphans: 0, missing: 0, unslotted: 0, partial: 0 },
        );
      } finally {
        await scene.end();
        await rm(root, { recursive: true, force: true });
      }
    },
  );

/** What a server would have swept within two minutes, and then what of the files nothing stands for, or of the rows has no file. */
async function sweepAndCompare(dataDir: string, open: Place['open']) {
  const database = await openEmbedded({ dataDirectory: dataDir, log: silentLog });
  try {
    const storage = await open(dataDir);
    const { needed } = createNeeds(database);
    const unslotted = async () => {
      let count = 0;
      for await (const key of storage.keys())
        if ((await storage.find(key.split('.')[0] ?? ''))?.key !== key) count++;
      return count;
    };
    const stray = await unslotted();
    let now = Date.now();
    const clock = { now: () => now };
    const sweeper = createSweeper({ database, storage, clock, log: silentLog, needed });
    await sweeper.sweep();
    now += 70_000;
    await sweeper.sweep();
    const findings = await audit({ database, storage, clock, needed }, false);
    const partial = (await readdir(join(dataDir, 'partial'))).length;
    return { ...findings, stray, unslotted: await unslotted(), partial };
  } finally {
    await database.close();
  }
}

class Scene {
  readonly killed = { server: 0, box: 0, postmaster: 0 };
  readonly #dataDir: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #port: number;
  readonly #random: () => number;
  readonly #uploads: { readonly url: string; readonly bytes: Buffer }[] = [];
  readonly #jobs: { readonly jobId: string; readonly url: string }[] = [];
  #server: Running | undefined;
  #acknowledged = 0;
  #over = false;
  #heard: () => void = () => {};

  constructor(dataDir: string, port: number, next: () => number, env: Place['env']) {
    this.#env = { OCTAVO_LOG_LEVEL: 'error', ...env };
    this.#dataDir = dataDir;
    this.#port = port;
    this.#random = next;
  }

  async play(times: number): Promise<void> {
    this.#server = await startOctavo(this.#dataDir, this.#env, this.#port);
    const loops = Array.from({ length: clientsAtOnce }, (_, index) => this.#clientLoop(index));
    for (let count = 0; count < times; count++) {
      await this.#acknowledgements(1 + Math.floor(this.#random() * 12));
      await pause(this.#random() * 40);
      // A part that is only just starting again cannot be killed: then another one is.
      while (!(await this.#kill())) await pause(5);
    }
    // However short the times between the kills were: there is something that could have been lost.
    while (this.#uploads.length < times || this.#jobs.length < times / 2) await this.#acknowledgements(1);
    await this.#acknowledgements(10);
    this.#over = true;
    await Promise.all(loops);
  }

  /** Downloads every acknowledged upload and asks for every acknowledged job. */
  async verify(): Promise<{ uploads: number; jobs: number }> {
    const client = new Client(this.#base);
    for (const { url, bytes } of this.#uploads) {
      assert.deepEqual(
        (await client.send('GET', url)).body,
        bytes,
        'an acknowledged upload is there byte for byte',
      );
    }
    for (const { jobId, url } of this.#jobs) {
      await client.waitFor(jobId, 20);
      const result = await client.send('GET', url);
      assert.equal(result.status, 200, 'an acknowledged job has its result');
      assert.equal(info(bytesSource(result.body)).pageCount, 2);
    }
    client.close();
    return { uploads: this.#uploads.length, jobs: this.#jobs.length };
  }

  async end(): Promise<void> {
    this.#over = true;
    await this.#server?.stop();
  }

  get #base(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Whether there was something to kill. */
  async #kill(): Promise<boolean> {
    const server = this.#server as Running;
    const kind = (['server', 'box', 'postmaster'] as const)[Math.floor(this.#random() * 3)] as
      | 'server'
      | 'box'
      | 'postmaster';
    const alive = boxes(server.process.pid as number);
    const pid = {
      server: server.process.pid,
      box: alive[Math.floor(this.#random() * alive.length)],
      postmaster: postmaster(this.#dataDir),
    }[kind];
    if (pid === undefined) return false;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has just ended by itself.
      return false;
    }
    this.killed[kind]++;
    if (kind === 'server') this.#server = await startOctavo(this.#dataDir, this.#env, this.#port);
    return true;
  }

  async #clientLoop(index: number): Promise<void> {
    const client = new Client(this.#base);
    for (let round = 0; !this.#over; round++) {
      try {
        await this.#oneRound(client, `${index}-${round}`);
      } catch {
        // The call was not acknowledged: the server was being killed. A client tries again.
        await pause(20);
      }
    }
    client.close();
  }

  async #oneRound(client: Client, text: string): Promise<void> {
    const links: string[] = [];
    for (const part of ['a', 'b']) {
      const bytes = onePagePdf(`${text}${part}`);
      const url = await client.upload(`${part}.pdf`, bytes);
      this.#uploads.push({ url, bytes });
      this.#acknowledge();
      links.push(url);
    }
    const { jobId, url } = await client.json(`/pdf/merge?async=true&name=r.pdf&url=${links.join(',')}`);
    this.#jobs.push({ jobId: String(jobId), url: String(url) });
    this.#acknowledge();
    await client.waitFor(String(jobId), 5);
  }

  #acknowledge(): void {
    this.#acknowledged++;
    this.#heard();
  }

  /** Resolves after so many more acknowledgements. */
  #acknowledgements(count: number): Promise<void> {
    const until = this.#acknowledged + count;
    return new Promise((resolve) => {
      this.#heard = () => {
        if (this.#acknowledged >= until) resolve();
      };
    });
  }
}

/** A small generator of numbers in [0, 1) that a seed replays (mulberry32). */
function random(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
