import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { Pieces, type Source } from './source.ts';

/** Where a result goes, from its first byte to its last. Writers gather small writes before they come here. */
export interface Sink {
  /** Appends bytes, which the caller may change afterwards. */
  write(bytes: Uint8Array): void;
  /** Appends a range of a source, piece by piece. Past the end of the source, zeros. */
  copy(source: Source, offset: number, length: number): void;
  /** The result is whole. */
  finish(): void;
  /** There is no result: lets go of everything, a file is removed, even if it was finished. */
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

/** A sink to a file, which is made, or emptied, at the first byte. Throws the system's own errors. */
export function fileSink(path: string): Sink {
  let fd: number | undefined;
  let isMade = false;
  let pieces: Pieces | undefined;
  const write = (bytes: Uint8Array): void => {
    fd ??= openSync(path, 'w');
    isMade = true;
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at);
  };
  const close = (): void => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
    pieces = undefined;
  };
  return {
    write,
    copy(source, offset, length) {
      pieces ??= new Pieces();
      pieces.each(source, offset, length, write);
    },
    finish: close,
    discard() {
      close();
      if (isMade) unlinkSync(path);
      isMade = false;
    },
  };
}
