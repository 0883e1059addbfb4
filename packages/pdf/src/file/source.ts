import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes of one piece of a copy: large enough that calls do not count, small enough to stay in the processor's cache. */
const PIECE_BYTES = 512 * 1024;

/** Bytes that can be read at any offset, at once: a file or memory. */
export interface Source {
  /** Bytes in all. */
  readonly size: number;
  /** All bytes, if they are in memory anyway. */
  readonly bytes: Uint8Array | undefined;
  /**
   * Fills `into` from `offset` on and answers how many bytes there were; fewer than asked for only at the end. Throws
   * the system's own error if the file cannot be read: that is not the document's fault.
   */
  readInto(into: Uint8Array, offset: number): number;
  /** Lets go of the file; reading opens it again. */
  close(): void;
}

/** A source over bytes in memory, which must not change meanwhile. */
export function bytesSource(bytes: Uint8Array): Source {
  return {
    size: bytes.length,
    bytes,
    readInto(into, offset) {
      const part = bytes.subarray(offset, offset + into.length);
      into.set(part);
      return part.length;
    },
    close() {},
  };
}

/** A source over a file, opened when first needed. Throws the system's error (ENOENT, EACCES) if that fails. */
export function fileSource(path: string): Source {
  let fd: number | undefined;
  let size: number | undefined;
  const open = (): number => {
    fd ??= openSync(path, 'r');
    return fd;
  };
  return {
    get size() {
      size ??= fstatSync(open()).size;
      return size;
    },
    bytes: undefined,
    readInto(into, offset) {
      let filled = 0;
      while (filled < into.length) {
        const count = readSync(open(), into, filled, into.length - filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
      return filled;
    },
    close() {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

/** Reads ranges of any size piece by piece, always into the same memory. */
export class Pieces {
  #piece: Uint8Array | undefined;

  /** Gives each piece of a range, which is valid until the next; past the end of the source, zeros. */
  each(source: Source, offset: number, length: number, take: (piece: Uint8Array) => void): void {
    const piece = (this.#piece ??= new Uint8Array(PIECE_BYTES));
    for (let done = 0; done < length; done += piece.length) {
      const part = piece.subarray(0, Math.min(piece.length, length - done));
      part.fill(0, source.readInto(part, offset + done));
      take(part);
    }
  }
}
