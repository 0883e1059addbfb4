/**
 * The peer of the flow benchmark: what a user would write in an afternoon. node:http, files in a folder, jobs in memory, one
 * `qpdf` process for each merge. Nothing is durable and nothing is boxed. Run: `node afternoon.ts PORT DIRECTORY`.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const [port, directory] = process.argv.slice(2) as [string, string];
const base = `http://127.0.0.1:${port}`;
const jobs = new Map<string, string>();

const routes: Readonly<
  Record<string, (request: IncomingMessage, response: ServerResponse, url: URL) => unknown>
> = {
  '/file/upload/get-presigned-url': (_, response) => {
    const url = `${base}/files/${randomUUID()}`;
    json(response, { error: false, presignedUrl: url, url });
  },
  '/pdf/merge': (_, response, url) => {
    const inputs = (url.searchParams.get('url') ?? '').split(',').map(fileOf);
    const id = randomUUID();
    jobs.set(id, 'working');
    const qpdf = spawn('qpdf', ['--empty', '--pages', ...inputs, '--', join(directory, id)], {
      stdio: 'ignore',
    });
    qpdf.on('exit', (code) => jobs.set(id, code === 0 ? 'success' : 'failed'));
    json(response, { error: false, jobId: id, url: `${base}/files/${id}` });
  },
  '/job/check': (_, response, url) =>
    json(response, { error: false, status: jobs.get(url.searchParams.get('jobid') ?? '') }),
};

createServer((request, response) => {
  const url = new URL(request.url ?? '/', base);
  const route = routes[url.pathname];
  if (route !== undefined) route(request, response, url);
  else transfer(request, response, fileOf(url.pathname)).catch(() => response.destroy());
}).listen(Number(port), '127.0.0.1', () => console.log('listening'));

async function transfer(request: IncomingMessage, response: ServerResponse, file: string): Promise<void> {
  if (request.method === 'PUT') {
    await pipeline(request, createWriteStream(file));
    response.end();
    return;
  }
  response.setHeader('content-length', (await stat(file)).size);
  await pipeline(createReadStream(file), response);
}

function fileOf(link: string): string {
  return join(directory, link.split('/').at(-1) ?? '');
}

function json(response: ServerResponse, body: object): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}
