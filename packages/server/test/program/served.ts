import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { promisify } from 'node:util';
import { Client } from './client.ts';
import { octavoBin, type Running, startOctavo } from './server.ts';

/** What a call answered, as JSON. */
export type Answer = Readonly<Record<string, any>>;

/** A server that runs while the tests of a suite do. */
class Served {
  #opened: { readonly directory: string; readonly server: Running; readonly client: Client } | undefined;

  constructor(env: Readonly<Record<string, string>>) {
    before(async () => {
      const directory = await mkdtemp(join(tmpdir(), 'octavo-served-'));
      const server = await startOctavo(join(directory, 'data'), env);
      this.#opened = { directory, server, client: new Client(server.base) };
    });
    after(async () => {
      const { directory, server, client } = this.#open;
      client.close();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    });
  }

  get base(): string {
    return this.#open.server.base;
  }
  get port(): number {
    return Number(new URL(this.base).port);
  }
  get client(): Client {
    return this.#open.client;
  }
  /** What the server has printed so far. */
  printed(): string {
    return this.#open.server.printed();
  }

  /** Runs a command beside the server, as an operator does; gives what it printed. */
  async command(...words: readonly string[]): Promise<string> {
    const args = [octavoBin, ...words, '--data-dir', join(this.#open.directory, 'data')];
    return (await promisify(execFile)(process.execPath, args)).stdout;
  }
  /** Sends fields as JSON, or a body as it is; the answer may be a refusal. */
  async post(path: string, fields: object | string): Promise<Answer> {
    const body = typeof fields === 'string' || fields instanceof FormData ? fields : JSON.stringify(fields);
    return (await (await fetch(this.base + path, { method: 'POST', body })).json()) as Answer;
  }
  /** What lies behind a link. */
  async bytesOf(link: unknown): Promise<Buffer> {
    return (await this.client.send('GET', String(link))).body;
  }

  get #open() {
    if (this.#opened === undefined) throw new Error('The server does not run.');
    return this.#opened;
  }
}

/** A server with these settings, for the suite that calls this: it starts in an empty directory, which goes with it. */
export function served(env: Readonly<Record<string, string>> = {}): Served {
  return new Served(env);
}
