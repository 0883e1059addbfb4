import { closeSync, openSync, realpathSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { Pieces, type Source } from './source.ts';

/** Where a result goes, from its first byte to its last. Writers gather small writes before they come here. */
export interface Sink {
  /** Appends bytes, which the caller may change afterwards. */
  write(bytes: Uint8Array): void;
  /** Appends a range of a source, piece by piece. Past the end of the source, zeros. */
  copy(source: Source, offset: number, length: number): void;
  /** The result is whole. */
  finish(): void;
  /** There is no result: lets go of everything, a file is removed, even if it was finished. Another may be written. */
  discard(): void;
}

/** A sink in memory. */
export interface MemorySink extends Sink {
  /** What was written, not copied. */
  bytes(): Uint8Array;
}

/** A sink that keeps the result in memory. */
export function memorySink(): MemorySink {
  let held = new Uint8Array(64 * 1024);
  let length = 0;
  const reserve = (count: number): void => {
    if (length + count <= held.length) return;
    const grown = new Uint8Array(Math.max(length + count, held.length * 2));
    grown.set(held.subarray(0, length));
    held = grown;
  };
  return {
    write(bytes) {
      reserve(bytes.length);
      held.set(bytes, length);
      length += bytes.length;
    },
    copy(source, offset, count) {
      reserve(count);
      source.readInto(held.subarray(length, length + count), offset);
      length += count;
    },
    finish() {},
    discard() {
      length = 0;
    },
    bytes: () => held.subarray(0, length),
  };
}

/**
 * A sink to a file. One that is there already, which may be one of the inputs, stays as it is until the result is whole; then
 * it is replaced. Throws the system's own errors.
 */
export function fileSink(path: string): Sink {
  let open: OpenFile | undefined;
  /** Where the bytes are, if there are any. */
  let made: string | undefined;
  let pieces: Pieces | undefined;
  const write = (bytes: Uint8Array): void => {
    open ??= openFile(path);
    made = open.written;
    for (let at = 0; at < bytes.length;) at += writeSync(open.fd, bytes, at, bytes.length - at);
  };
  const close = (): void => {
    if (open !== undefined) closeSync(open.fd);
    open = undefined;
    pieces = undefined;
  };
  return {
    write,
    copy(source, offset, length) {
      pieces ??= new Pieces();
      pieces.each(source, offset, length, write);
    },
    finish() {
      const replaced = open?.replaced;
      close();
      if (made === undefined || replaced === undefined) return;
      renameSync(made, replaced);
      made = replaced;
    },
    discard() {
      close();
      if (made !== undefined) unlinkSync(made);
      made = undefined;
    },
  };
}

/** A file that is being written. */
interface OpenFile {
  readonly fd: number;
  /** Where the bytes are. */
  readonly written: string;
  /** What they replace in the end, if they are not in their place already. */
  readonly replaced: string | undefined;
}

function openFile(path: string): OpenFile {
  const found = statSync(path, { throwIfNoEntry: false });
  // A device or a pipe has nothing to lose.
  if (found?.isFile() !== true) return { fd: openSync(path, 'w'), written: path, replaced: undefined };
  const replaced = realpathSync(path);
  const written = `${replaced}.${Math.random().toString(36).slice(2)}.part`;
  return { fd: openSync(written, 'wx', found.mode & 0o777), written, replaced };
}
