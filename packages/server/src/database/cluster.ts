import { spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import type { Binaries } from './binaries.ts';

/** How a program of PostgreSQL is started: it works in its data directory, and calls it by a name that needs no way to it. */
export interface Owner {
  /** The user that PostgreSQL runs as; undefined for ourselves. */
  readonly uid: number | undefined;
}

/**
 * The data directory as its own processes see it. Their working directory is set before their user is, so that the directory
 * may lie where only root can go; and the path of the socket in it is short.
 */
export const ownDirectory = '/proc/self/cwd';
/** Name of the only role, and of the database that `initdb` makes for everybody. */
export const role = 'octavo';
export const databaseName = 'postgres';
const nobody = 65_534;

/** Makes the data directory where there is none yet: beside its place, and moved there when it is whole and on disk. */
export async function makeCluster(directory: string, binaries: Binaries, owner: Owner): Promise<void> {
  const version = await unlessMissing(readFile(join(directory, 'PG_VERSION'), 'utf8'));
  if (version !== undefined) return assertVersion(version.trim(), directory, binaries);
  const parent = dirname(directory);
  await mkdir(parent, { recursive: true });
  await removeDrafts(parent, basename(directory));
  const draft = await mkdtemp(join(parent, `${basename(directory)}.draft-`));
  await chmod(draft, 0o700);
  if (owner.uid !== undefined) await chown(draft, owner.uid, owner.uid);
  try {
    await initdb(draft, binaries, owner);
    await rename(draft, directory);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  await sync(parent);
}

/**
 * Who PostgreSQL runs as: as root, which it refuses to be, the owner of the data, or at first a user that needs no entry in
 * /etc/passwd. Throws a sentence where the data belongs to somebody that we cannot be.
 */
export async function ownerOf(directory: string): Promise<Owner> {
  const found = await unlessMissing(stat(directory)).catch(() => null);
  const ours = process.getuid?.();
  if (ours === 0) return { uid: (found?.uid ?? 0) === 0 ? nobody : found?.uid };
  if (found === undefined || found?.uid === ours) return { uid: undefined };
  throw new Error(
    `The database in ${directory} belongs to another user: start Octavo as root or as that user, or choose another data directory.`,
  );
}

async function unlessMissing<T>(looking: Promise<T>): Promise<T | undefined> {
  return looking.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

function assertVersion(version: string, directory: string, binaries: Binaries): void {
  if (version === binaries.major) return;
  throw new Error(
    `The database in ${directory} was made by PostgreSQL ${version}, and this is ${binaries.major}: dump it with the old version and restore it with this one.`,
  );
}

async function removeDrafts(parent: string, name: string): Promise<void> {
  const drafts = (await readdir(parent)).filter((entry) => entry.startsWith(`${name}.draft-`));
  await Promise.all(drafts.map((entry) => rm(join(parent, entry), { recursive: true, force: true })));
}

function initdb(directory: string, binaries: Binaries, owner: Owner): Promise<void> {
  const args = [
    '--username',
    role,
    '--auth',
    'trust',
    '--encoding',
    'UTF8',
    '--locale',
    'C',
    '--no-instructions',
  ];
  const child = spawn(binaries.initdb, ['--pgdata', ownDirectory, ...args], {
    ...spawnOptions(directory, owner),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString().slice(0, 2_000)));
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(cannotStart(error)));
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`The database could not be made: ${explain(complaint)}`)),
    );
  });
}

/** The one complaint that is common where containers run as any number, with what to do about it. */
function explain(complaint: string): string {
  const uid = /could not look up effective user ID (\d+)/.exec(complaint)?.[1];
  if (uid === undefined) return complaint.trim();
  return `PostgreSQL needs a name for the user ${uid} that runs it: add a line to /etc/passwd, or set OCTAVO_DATABASE_URL to use another one.`;
}

/** For `spawn`: the working directory is entered before the user is changed. */
export function spawnOptions(directory: string, owner: Owner): object {
  const user = owner.uid === undefined ? {} : { uid: owner.uid, gid: owner.uid };
  return {
    cwd: directory,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C' },
    ...user,
  };
}

/** A sentence for what happens on systems without glibc, or on disks that are mounted without the right to run programs. */
export function cannotStart(error: Error): Error {
  return new Error(
    `PostgreSQL could not be started (${error.message}): it needs a Linux with glibc. Set OCTAVO_DATABASE_URL to use another one.`,
  );
}

async function sync(directory: string): Promise<void> {
  const handle = await open(directory);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
