import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { calls } from '../../src/calls/index.ts';
import { createHttpServer, type HttpServer } from '../../src/http/server.ts';
import { type HttpOptions, httpDefaults, type HttpSettings } from '../../src/http/options.ts';
import { createLinks, type Links, slotOf, tokenOf, type FileLink } from '../../src/links/links.ts';
import { endlessCredits } from '../../src/jobs/credits.ts';
import { createFiles, type Files } from '../../src/jobs/files.ts';
import { noQuotas } from '../../src/jobs/quotas.ts';
import { Failure } from '../../src/errors.ts';
import { operations } from '../../src/operations/index.ts';
import type { LogFields } from '../../src/platform/log.ts';
import { createFileStorage } from '../../src/storage/file.ts';
import { nothingNeeded, type Storage, type StoredFile } from '../../src/storage/storage.ts';
import { createMemoryQueue, type MemoryQueue, noDeliveries, noTemplates } from './memory-queue.ts';

/** A server on a free port, with jobs in memory and files in a directory of its own. */
export interface TestEdge {
  readonly port: number;
  readonly base: string;
  readonly queue: MemoryQueue;
  readonly storage: Storage;
  readonly files: Files;
  readonly links: Links;
  readonly server: HttpServer;
  readonly lines: { readonly event: string; readonly fields: LogFields }[];
  readonly directory: string;
  /** Set it to move the clock. */
  nowMs: number;
  /** Names of the files that are stored: their slots. */
  stored(): Promise<string[]>;
  /** Names of the files that are being written. */
  partial(): Promise<string[]>;
  /** Stores a file; gives the path of its link. */
  file(bytes: string | Buffer, label: string): Promise<string>;
  /** Asks for an upload link; gives the paths of both links. */
  presign(name: string): Promise<{ put: string; file: string }>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Removed at the end also where a test closes the server itself, to see how it ends. */
const directories: string[] = [];
process.once('exit', () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** Starts one; the suite has to stop it, or a test takes it by `await using`. */
export async function startEdge(
  settings: Partial<HttpSettings> = {},
  parts: Partial<HttpOptions> = {},
): Promise<TestEdge> {
  const directory = await mkdtemp(join(tmpdir(), 'octavo-http-'));
  directories.push(directory);
  const links = createLinks(Buffer.alloc(32, 7));
  const storage = await createFileStorage({ directory });
  const lines: { event: string; fields: LogFields }[] = [];
  const edge = { nowMs: Date.UTC(2026, 0, 1) };
  const queue = createMemoryQueue(links, () => edge.nowMs);
  const files = createFiles({
    storage,
    queue,
    clock: { now: () => edge.nowMs },
    needed: nothingNeeded,
    quotas: noQuotas,
  });
  const server = createHttpServer({
    operations,
    calls,
    pages: [],
    queue,
    storage,
    links,
    files,
    authenticate: () => 0,
    authenticateAdmin: () => Promise.reject(new Failure('keyRefused')),
    deliveries: noDeliveries,
    templates: noTemplates,
    remainingCredits: endlessCredits.remaining,
    checkSource: async () => null,
    releaseSources: () => {},
    readSource: () => Promise.reject(new Error('nothing is read')),
    health: async () => ({ ready: true, details: {} }),
    version: '0.0.0-test',
    log: recordingLog(lines),
    clock: { now: () => edge.nowMs },
    settings: { ...httpDefaults, host: '127.0.0.1', port: 0, ...settings },
    ...parts,
  });
  const stop = async () => {
    await server.close(0);
    await rm(directory, { recursive: true, force: true });
  };
  const { port } = await server.listen();
  const base = `http${settings.tls ? 's' : ''}://127.0.0.1:${port}`;
  return Object.assign(edge, {
    port,
    base,
    queue,
    storage,
    files,
    links,
    server,
    lines,
    directory,
    stored: async () =>
      (await readdir(join(directory, 'files'), { recursive: true })).filter((name) => /\/[^.]+$/.test(name)),
    stop,
    [Symbol.asyncDispose]: stop,
    partial: () => readdir(join(directory, 'partial')),
    async file(bytes: string | Buffer, label: string) {
      const link: FileLink = { kind: 'upload', id: randomId(), tenant: 0, expiresAt: edge.nowMs + 3_600_000 };
      await storage.put(slotOf(link), chunks(bytes), Number.MAX_SAFE_INTEGER);
      return `/files/${links.file(link)}/${label}`;
    },
    async presign(name: string) {
      const answer = await fetch(`${base}/file/upload/get-presigned-url?name=${encodeURIComponent(name)}`);
      const body = (await answer.json()) as { presignedUrl: string; url: string };
      return { put: new URL(body.presignedUrl).pathname, file: new URL(body.url).pathname };
    },
  });
}

/** The file that a link of an upload stands for, and its bytes; null where there is none. */
export async function uploadAt(
  { links, storage }: Pick<TestEdge, 'links' | 'storage'>,
  link: string,
): Promise<(StoredFile & { readonly bytes: Buffer }) | null> {
  const read = links.read(tokenOf(link) ?? '');
  if (read === null) throw new Error(`Not one of our links: ${link}`);
  const file = await storage.find(slotOf(read));
  const stream = file && (await storage.read(file.key));
  return file && stream && { ...file, bytes: await buffer(stream) };
}

async function* chunks(bytes: string | Buffer): AsyncGenerator<Uint8Array> {
  yield Buffer.from(bytes as string);
}

let ids = 0;
function randomId(): string {
  return (++ids).toString(16).padStart(32, '0');
}

function recordingLog(lines: { event: string; fields: LogFields }[]): HttpOptions['log'] {
  const write = (event: string, fields: LogFields = {}) => void lines.push({ event, fields });
  return { debug: () => {}, info: write, warn: write, error: write, with: () => recordingLog(lines) };
}
