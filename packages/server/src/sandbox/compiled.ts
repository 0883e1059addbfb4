import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { View } from './view.ts';
import { ancestors } from './view.ts';

/**
 * Compiled code of a program that runs from its sources: to strip types and compile anew takes a box longer than most calls do. It is
 * written by a box that has not had a call yet, copied by the server, and read-only for all others. It lies beside the sources: who may
 * write there may write these too.
 */
export interface CompiledCode {
  /** The folder, where there is one. */
  find(): string | undefined;
  /** Takes over what a box has compiled, and removes it there. */
  keep(from: string): Promise<void>;
}

/** Undefined where there is nothing to gain, or no place. `owner`: boxes of which kind share it. */
export function compiledCode(view: View, owner: string): CompiledCode | undefined {
  if (!view.entry.endsWith('.ts')) return undefined;
  const modules = ancestors(dirname(view.entry))
    .map((folder) => join(folder, 'node_modules'))
    .find((folder) => existsSync(folder));
  // Not of another user, whose next install could not remove it.
  if (modules === undefined || statSync(modules).uid !== process.getuid?.()) return undefined;
  const folder = join(modules, '.cache', 'octavo', 'boxes');
  const prefix = `${digest([view.entry, owner, process.version])}-`;
  // Of programs that nobody asks for the sources are not looked at.
  let known: string | undefined;
  const place = () => (known ??= join(folder, prefix + digest(sourcesOf(view))));
  return {
    find: () => (existsSync(place()) ? place() : undefined),
    async keep(from) {
      const at = place();
      try {
        await mkdir(folder, { recursive: true });
        await copyTo(from, at, folder);
        for (const name of await readdir(folder))
          if (name.startsWith(prefix) && join(folder, name) !== at)
            await rm(join(folder, name), { recursive: true, force: true });
      } catch {
        // Without it boxes start slower, and nothing else.
      }
      await rm(from, { recursive: true, force: true });
    },
  };
}

/** The folder appears whole, or not at all. */
async function copyTo(from: string, at: string, folder: string): Promise<void> {
  const fresh = await mkdtemp(join(folder, 'new-'));
  try {
    // Boxes may be another user's, whatever the umask.
    await chmod(fresh, 0o755);
    for (const tag of await readdir(from)) {
      await mkdir(join(fresh, tag));
      await chmod(join(fresh, tag), 0o755);
      for (const name of await readdir(join(from, tag))) {
        // Not by `copyFile`, which keeps the owner.
        await writeFile(join(fresh, tag, name), await readFile(join(from, tag, name)));
        await chmod(join(fresh, tag, name), 0o644);
      }
    }
    await rename(fresh, at);
  } finally {
    // Another server may have been quicker.
    await rm(fresh, { recursive: true, force: true });
  }
}

/** What tells one state of our sources from another; packages of others change with their folder's time. */
function sourcesOf(view: View): string[] {
  const isOther = (path: string) => path.includes(`${sep}node_modules${sep}`);
  return view.program.flatMap((path) => (isOther(path) ? [stateOf(path)] : statesIn(path)));
}

function statesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [stateOf(path)];
  return readdirSync(path)
    .filter((name) => name !== 'node_modules')
    .flatMap((name) => statesIn(join(path, name)));
}

function stateOf(path: string): string {
  const { size, mtimeMs } = statSync(path);
  return `${path} ${size} ${mtimeMs}`;
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}
