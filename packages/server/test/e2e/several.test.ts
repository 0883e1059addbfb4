/**
 * An API server and two workers on one external PostgreSQL: OCTAVO_TEST_DATABASE_URL names one, in which each run makes a
 * database of its own.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bytesSource, info } from '@octavo/pdf';
import { Client as Postgres } from 'pg';
import { Client } from '../program/client.ts';
import { manyPagesPdf, onePagePdf } from '../program/document.ts';
import { octavoBin, type Running, startOctavo } from '../program/server.ts';
import { bucketFor, s3 } from '../storage/s3-bucket.ts';

const url = process.env['OCTAVO_TEST_DATABASE_URL'];
const required = process.env['OCTAVO_REQUIRE_ENGINES'] === '1';
/** 10 s of it are the heartbeat that is missed; the rest is left to the work itself, however busy the machine is. */
const takeoverMsMax = 50_000;

for (const [files, isInS3] of [
  ['one data directory', false],
  ['one bucket of S3, with a data directory each', true],
] as const)
  describe(
    `an api server and two workers on one PostgreSQL and ${files}`,
    {
      skip:
        (url === undefined && !required && 'OCTAVO_TEST_DATABASE_URL is not set') ||
        (isInS3 && s3 === undefined && 'OCTAVO_TEST_S3 is not set'),
    },
    () => {
      const name = `octavo_test_${randomBytes(6).toString('hex')}`;
      let root: string;
      let env: Readonly<Record<string, string>>;
      let api: Running;
      const workers: ChildProcess[] = [];

      before(async () => {
        assert.ok(url !== undefined, 'OCTAVO_TEST_DATABASE_URL has to be set');
        await onServer(url, `CREATE DATABASE ${name}`);
        root = await mkdtemp(join(tmpdir(), 'octavo-several-'));
        const own = new URL(url);
        own.pathname = `/${name}`;
        env = {
          OCTAVO_DATABASE_URL: own.href,
          OCTAVO_LOG_LEVEL: 'debug',
          OCTAVO_WORKERS: '1',
          ...(isInS3 ? { OCTAVO_STORAGE: (await bucketFor('several')).setting } : {}),
        };
        const directoryOf = (process: string) => join(root, isInS3 ? process : 'data');
        api = await startOctavo(directoryOf('api'), { ...env, OCTAVO_ROLE: 'api' });
        for (const process of ['first', 'second'])
          workers.push(await startWorker({ ...env, OCTAVO_DATA_DIR: directoryOf(process) }));
      });
      after(async () => {
        for (const worker of workers)
          if (worker.exitCode === null && worker.kill('SIGTERM')) await once(worker, 'exit');
        await api?.stop();
        if (url !== undefined) await onServer(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        await rm(root, { recursive: true, force: true });
      });

      it('run the flow', async () => {
        const client = new Client(api.base);
        for (let count = 0; count < 5; count++) await client.mergeTwo(onePagePdf('a'), onePagePdf('b'), 20);
        client.close();
      });

      it('answer a call without async, by notification from the worker', async () => {
        const client = new Client(api.base);
        const links = [
          await client.upload('a.pdf', onePagePdf('a')),
          await client.upload('b.pdf', onePagePdf('b')),
        ];
        const answer = await client.json(`/pdf/merge?url=${links.join(',')}`);
        assert.equal(answer['pageCount'], 2);
        client.close();
      });

      it('end the jobs of a killed worker within 50 s', { timeout: 120_000 }, async () => {
        const client = new Client(api.base);
        const large = await client.upload('large.pdf', manyPagesPdf(20_000));
        const jobs = await Promise.all(
          Array.from({ length: 6 }, () => client.json(`/pdf/merge?async=true&url=${large},${large}`)),
        );
        await untilWorking(env['OCTAVO_DATABASE_URL'] as string);
        const killed = performance.now();
        workers[0]?.kill('SIGKILL');
        for (const { jobId } of jobs) await client.waitFor(String(jobId), 50);
        const elapsed = performance.now() - killed;
        assert.ok(elapsed < takeoverMsMax, `took ${Math.round(elapsed)} ms`);
        const result = await client.send('GET', String(jobs[0]?.['url']));
        assert.equal(info(bytesSource(result.body)).pageCount, 40_000);
        client.close();
      });
    },
  );

async function startWorker(env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const worker = spawn(process.execPath, [octavoBin, 'serve'], {
    env: { ...process.env, ...env, OCTAVO_ROLE: 'worker' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // The banner is printed when it works.
  await once(worker.stdout as NonNullable<typeof worker.stdout>, 'data');
  worker.stdout?.resume();
  return worker;
}

/** Both workers have a job in hand. */
async function untilWorking(databaseUrl: string): Promise<void> {
  const client = new Postgres({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query<{ count: string }>(
        `SELECT count(*) FROM octavo.job WHERE status = 'working'`,
      );
      if (Number(rows[0]?.count) >= 2) return;
    }
  } finally {
    await client.end();
  }
}

async function onServer(databaseUrl: string, sql: string): Promise<void> {
  const client = new Postgres({ connectionString: databaseUrl });
  await client.connect();
  await client.query(sql);
  await client.end();
}
