import { Failure } from '../errors.ts';

/** Storage that cannot be used; `detail` is a sentence for the operator, which a client does not hear. */
export class StorageError extends Failure {
  constructor(detail: string, options: { readonly cause?: unknown } = {}) {
    super('storageDown', {}, { detail, cause: options.cause });
  }
}

/** Stored bytes that are not the ones which were stored. A client hears no more than that. */
export function damaged(key: string): Failure {
  return new Failure(
    'fileDamaged',
    {},
    { detail: `The SHA-256 of the stored file ${key} is not that of what was stored: look at the disk.` },
  );
}

const sentences: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space, or set OCTAVO_DATA_DIR to a larger one.',
  EDQUOT: 'The disk quota of the user of this process is used up.',
  EROFS: 'The file system is mounted read-only.',
  EACCES: 'This user may not write there: change the owner of the data directory.',
  EPERM: 'This user may not write there: change the owner of the data directory.',
  EIO: 'The disk reports an input/output error.',
  EMFILE: 'This process has too many open files: raise its limit (ulimit -n).',
  ENFILE: 'This machine has too many open files.',
  ENOTDIR: 'A part of the path is no directory.',
};

/** Says what an operator can do about an error of the file system; what is not one passes through. */
export function explain(error: unknown, directory: string): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  // Errors of the client's stream have codes too, but come from no call to the file system.
  if (code === undefined || syscall === undefined || !fileCalls.has(syscall)) return error;
  const sentence = sentences[code] ?? `The file system answered ${code} to ${syscall}.`;
  return new StorageError(`Files cannot be stored in ${directory}. ${sentence}`, { cause: error });
}

const fileCalls = new Set(
  'open write writev fsync fdatasync rename mkdir link symlink readlink read copyfile stat lstat fstat unlink scandir rm fchmod fchown close opendir rmdir'.split(
    ' ',
  ),
);

/** Code of an error of the system. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
