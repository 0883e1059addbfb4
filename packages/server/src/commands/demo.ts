import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startServer } from '../compose.ts';
import type { Config } from '../config.ts';
import { samplePdf } from '../engines/octavo/sample.ts';
import { silentLog } from '../platform/log.ts';

const resultFile = 'result.pdf';
const pollMs = 100;

/** Starts a server with a fresh data directory, runs the client's steps over HTTP, and writes `result.pdf` here. */
export async function demo(config: Config): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), 'octavo-demo-'));
  try {
    const fresh = {
      ...config,
      dataDir: join(scratch, 'data'),
      databaseUrl: '',
      role: 'all',
      host: 'localhost',
      port: 0,
    } as const;
    const server = await startServer({ ...fresh, auth: 'open', tls: 'off', publicUrl: '' }, silentLog);
    console.log(`A server runs at ${server.address}, with its data in ${fresh.dataDir}.\n`);
    try {
      await flow(server.address as string);
    } finally {
      await server.stop(0);
      console.log('The server has stopped.');
    }
    return 0;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The steps of a client program. Throws an Error that says which one failed. */
async function flow(base: string): Promise<void> {
  const links = [await upload(base, 'sample1.pdf'), await upload(base, 'sample2.pdf')];
  const job = await ask(`${base}/pdf/merge?async=True&name=${resultFile}&url=${links.join(',')}`);
  for (let status = 'working'; status !== 'success';) {
    ({ status } = (await ask(`${base}/job/check?jobid=${job['jobId']}`)) as { status: string });
    if (status !== 'working' && status !== 'success') throw new Error(`The job ended as "${status}".`);
    if (status === 'working') await new Promise((done) => setTimeout(done, pollMs));
  }
  const result = await send('GET', job['url'] as string);
  await writeFile(resultFile, result);
  console.log(`Wrote ${resolve(resultFile)}: ${result.length} bytes.\n`);
}

async function upload(base: string, name: string): Promise<string> {
  const { presignedUrl, url } = await ask(
    `${base}/file/upload/get-presigned-url?contenttype=application/octet-stream&name=${name}`,
  );
  await send('PUT', presignedUrl as string, samplePdf(name));
  return url as string;
}

async function ask(url: string): Promise<Record<string, unknown>> {
  const answer = JSON.parse((await send('GET', url)).toString()) as Record<string, unknown>;
  console.log(`  ${JSON.stringify(answer)}\n`);
  return answer;
}

async function send(method: string, url: string, body?: Buffer<ArrayBuffer>): Promise<Buffer> {
  console.log(`${method} ${url}`);
  const response = await fetch(url, {
    method,
    ...(body && { body, headers: { 'content-type': 'application/octet-stream' } }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  console.log(`  ${response.status} ${response.headers.get('content-type') ?? ''} ${bytes.length} bytes`);
  if (!response.ok)
    throw new Error(`The server answered ${response.status}: ${bytes.toString('utf8', 0, 500)}`);
  return bytes;
}
