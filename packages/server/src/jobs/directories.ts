import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { lockDirectory, type Lock } from '../database/lock.ts';

const dayMs = 86_400_000;

/** A directory for the jobs of this process, that nobody removes while it lives. */
export interface OwnDirectory {
  readonly path: string;
  close(): Promise<void>;
}

/** Makes one below `parent`, and removes those that dead processes left there. `alone`: all but ours are dead. */
export async function makeOwnDirectory(parent: string, alone: boolean): Promise<OwnDirectory> {
  const host = hostname().replaceAll(/[^\w.-]/g, '_');
  await mkdir(parent, { recursive: true, mode: 0o700 });
  for (const name of await readdir(parent))
    await removeIfDead(join(parent, name), alone, name.startsWith(`${host}.`));
  const path = await mkdtemp(join(parent, `${host}.`));
  const lock = await lockDirectory(path);
  return {
    path,
    async close() {
      await lock?.release();
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** Other machines may share the parent, and their locks cannot be seen: theirs go when nothing has happened there for a day. */
async function removeIfDead(path: string, alone: boolean, ofThisHost: boolean): Promise<void> {
  if (!alone && !ofThisHost && Date.now() - (await stat(path)).mtimeMs < dayMs) return;
  const lock = await tryToLock(path);
  if (lock === null) return;
  await lock.release();
  await rm(path, { recursive: true, force: true });
}

async function tryToLock(path: string): Promise<Lock | null> {
  return lockDirectory(path).catch(() => null);
}
