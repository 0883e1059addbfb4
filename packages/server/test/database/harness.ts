import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

import type { Database } from '../../src/database/database.ts';
import { type EmbeddedDatabase, openEmbedded } from '../../src/database/embedded.ts';
import { openExternal } from '../../src/database/external.ts';
import { silentLog } from '../../src/platform/log.ts';

/** A new directory that is gone after the tests of the file. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'octavo-test-'));
  // Later than every hook, as databases in it are closed by some.
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The embedded database in a directory, for `await using`: a test that fails must not leave it open. */
export async function open(
  dataDirectory: string,
  more: object = {},
): Promise<EmbeddedDatabase & AsyncDisposable> {
  const database = await openEmbedded({ dataDirectory, log: silentLog, ...more });
  return { ...database, [Symbol.asyncDispose]: () => database.close() };
}

/** How an external server would be told of the database in a data directory. */
export function urlOf(dataDirectory: string): string {
  return `postgresql://octavo@localhost/postgres?host=${join(dataDirectory, 'database', 'cluster')}`;
}

/** Another process of ours on that database would be connected like this. */
export function connectTo(dataDirectory: string): Database & AsyncDisposable {
  const database = openExternal({ url: urlOf(dataDirectory), connectionsMax: 4, log: silentLog });
  return { ...database, [Symbol.asyncDispose]: () => database.close() };
}

/** A process of ours that runs a script of the tests, and the lines that it writes. */
export interface Script {
  readonly child: ChildProcess;
  /** The next line. Throws with what it complained of when it ends before. */
  line(): Promise<string>;
  /** kill -9, and wait until it is gone. */
  kill(): Promise<void>;
}

/** Starts a script beside the test. */
export function startScript(url: URL, ...args: readonly string[]): Script {
  const child = spawn(process.execPath, ['--conditions=octavo-source', fileURLToPath(url), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += text));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const kill = () => {
    child.kill('SIGKILL');
    return gone;
  };
  after(kill);
  return {
    child,
    async line() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`the script ended: ${complaint}`);
      return value;
    },
    kill,
  };
}

/** Calls until it gives something true. For what no event tells of: it ends as soon as it is so, and has no limit of its own. */
export async function until<T>(look: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
