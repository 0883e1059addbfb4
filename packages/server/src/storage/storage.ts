import type { Readable } from 'node:stream';

/**
 * Where files lie, as a flat map from key to bytes. A key is `<expiry hour>/<name>` in `[0-9a-z.]`, made by `links/`.
 * Each backend is one file and passes `test/storage/conformance.ts`.
 */
export interface Storage {
  /**
   * Stores the bytes, replacing what was there. Resolves when they would survive a power loss; until then nobody sees them.
   * Throws the Failure `uploadTooLarge` past `bytesMax`, and rethrows what the stream throws; then nothing is stored.
   */
  put(key: string, bytes: AsyncIterable<Uint8Array>, bytesMax: number): Promise<StoredFile>;
  /** Takes a finished file away from its path on local disk and stores it under `key`. As durable as `put`. */
  adopt(key: string, path: string): Promise<StoredFile>;
  stat(key: string): Promise<StoredFile | null>;
  /** The bytes from `start` up to and including `end`, or all; null where there is none. */
  read(key: string, range?: { readonly start: number; readonly end: number }): Promise<Readable | null>;
  /** Puts the stored file at a path on local disk, by hard link where it can; the file must not be written to. */
  place(key: string, path: string): Promise<StoredFile | null>;
  /** False where there was none. */
  delete(key: string): Promise<boolean>;
  /** Deletes all files whose expiry hour lies before this one (`2026112423`). Gives their number. */
  sweep(hour: string): Promise<number>;
  /** Throws, with a sentence for the operator, where storage cannot be used. */
  probe(): Promise<void>;
}

export interface StoredFile {
  readonly sizeBytes: number;
  /** Strong entity tag, without quotes: changes whenever the bytes do. */
  readonly etag: string;
  readonly storedAt: Date;
}
