import { closeSync, openSync, writeSync } from 'node:fs';
import type { Out } from './out.ts';

/** A file that is written in pieces. */
export interface FileOut extends Out {
  close(): void;
}

/** Characters that are kept before they are written. */
const heldMax = 64 * 1024;

/** Begins a file. Throws the system's error, EFBIG where it grows larger than the box may write. */
export function openOut(path: string): FileOut {
  const fd = openSync(path, 'w');
  let held = '';
  const put = (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
  };
  const flush = () => {
    if (held !== '') put(Buffer.from(held));
    held = '';
  };
  return {
    write(piece) {
      if (typeof piece === 'string') held += piece;
      if (typeof piece !== 'string' || held.length > heldMax) flush();
      if (typeof piece !== 'string') put(piece);
    },
    close() {
      try {
        flush();
      } finally {
        closeSync(fd);
      }
    },
  };
}
