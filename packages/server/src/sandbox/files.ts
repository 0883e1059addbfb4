import { copyFile } from 'node:fs/promises';
import {
  chmodSync,
  chownSync,
  constants,
  linkSync,
  lstatSync,
  opendirSync,
  renameSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { boxUser } from './launch.ts';
import type { BoxCall, BoxLimits } from './sandbox.ts';

/** Most files that one call may leave, where its program says nothing else. */
export const outputsMax = 64;

const inputName = /^[a-z0-9][a-z0-9.-]{0,63}$/;
const outputName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** What a box left behind is not what a call may leave. */
export class OutputRefused extends Error {
  override readonly name = 'OutputRefused';
}

/**
 * Makes the inputs of a call appear in the folder that the box sees. By hard link, so that nothing is copied: the box cannot
 * write to them, as its mount is read-only, or as the permission model knows no right to.
 */
export async function placeInputs(inputs: BoxCall['inputs'], folder: string, root: boolean): Promise<void> {
  for (const { path, as } of inputs) {
    if (!inputName.test(as)) throw new Error(`"${as}" is no name for an input of a box.`);
    const at = join(folder, as);
    try {
      linkSync(path, at);
    } catch (error) {
      if (!cannotLink.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await copyFile(path, at, constants.COPYFILE_FICLONE);
    }
    if (root) letBoxRead(at);
  }
}

const cannotLink = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'ENOSYS']);

/** Gives the group of boxes the right to read. It changes the stored file too, which lies where nobody else gets to. */
function letBoxRead(path: string): void {
  const { mode, uid, gid } = statSync(path);
  if ((mode & 0o004) !== 0 || (gid === boxUser.gid && (mode & 0o040) !== 0)) return;
  chownSync(path, uid, boxUser.gid);
  chmodSync(path, (mode & 0o777) | 0o040);
}

/**
 * Moves the results of a call out of the reach of the box and only then looks at what they are, so that there is no moment in
 * between. Throws OutputRefused for anything but a few regular files; nothing of the call is left in `target` then.
 */
export function moveOutputs(
  folder: string,
  target: string,
  { fileBytesMax, filesMax = outputsMax }: Pick<BoxLimits, 'fileBytesMax' | 'filesMax'>,
): string[] {
  let bytesMax = fileBytesMax;
  const moved: string[] = [];
  try {
    for (const name of list(folder, filesMax)) {
      if (!outputName.test(name)) throw new OutputRefused('a name that is not allowed');
      const to = join(target, name);
      if (exists(to)) throw new OutputRefused('the name of a file that is there already');
      if (!lstatSync(join(folder, name)).isFile())
        throw new OutputRefused('something that is no regular file');
      renameSync(join(folder, name), to);
      moved.push(name);
      bytesMax -= claim(to);
      if (bytesMax < 0) throw new OutputRefused('too many bytes');
    }
    return moved;
  } catch (error) {
    for (const name of moved) takeBack(join(target, name), join(folder, name));
    throw error;
  }
}

/** A folder, which only a race can have brought here, may still be in the hands of the box: it is removed with the box. */
function takeBack(path: string, from: string): void {
  if (lstatSync(path).isDirectory()) renameSync(path, from);
  else unlinkSync(path);
}

/** Checks what was moved and makes it the server's own. Gives its size. */
function claim(path: string): number {
  const found = lstatSync(path);
  if (!found.isFile()) throw new OutputRefused('something that is no regular file');
  if (found.nlink !== 1) throw new OutputRefused('a file with a second name');
  chmodSync(path, 0o600);
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  if (uid !== undefined && gid !== undefined && found.uid !== uid) chownSync(path, uid, gid);
  return found.size;
}

/** Takes the inputs of a call away again. */
export function removeInputs(inputs: BoxCall['inputs'], folder: string): void {
  for (const { as } of inputs) unlinkSync(join(folder, as));
}

/** Bytes of the files in a folder; stops counting where there are too many. */
export function bytesIn(folder: string, filesMax = outputsMax): number {
  try {
    return list(folder, filesMax).reduce((sum, name) => sum + lstatSync(join(folder, name)).size, 0);
  } catch (error) {
    return error instanceof OutputRefused ? Infinity : 0;
  }
}

/** Reads no further than a call may go: a folder can hold millions of names. */
function list(folder: string, filesMax: number): string[] {
  const names: string[] = [];
  const directory = opendirSync(folder);
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      names.push(entry.name);
      if (names.length > filesMax) throw new OutputRefused('too many files');
    }
    return names;
  } finally {
    directory.closeSync();
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
