import type { Readable } from 'node:stream';

/**
 * Where files lie. A slot is a name that bytes are written to, and each write makes a new immutable version of it with a key of its
 * own, so that who has a key keeps the bytes that it saw. Slots are made by `links/`, keys by `key.ts`.
 * Each backend is one file and passes `test/storage/conformance.ts`.
 */
export interface Storage {
  /**
   * Stores the bytes as a new version of the slot. Resolves when they would survive a power loss; until then nobody finds them.
   * Throws the Failure `uploadTooLarge` past `bytesMax`, and rethrows what the stream throws; then nothing is stored.
   */
  put(slot: string, bytes: AsyncIterable<Uint8Array>, bytesMax: number): Promise<StoredFile>;
  /** Takes a finished file away from its path on local disk as a new version of the slot. As durable as `put`. */
  adopt(slot: string, path: string): Promise<StoredFile>;
  /** The newest version of a slot. What came by an `uploadLink` is made one by the first who asks, which takes the time to read it. */
  find(slot: string): Promise<StoredFile | null>;
  /** How long that is what `find` would give, which is not made ready for it. */
  sizeOf(slot: string): Promise<number | null>;
  stat(key: string): Promise<StoredFile | null>;
  /**
   * The bytes from `start` up to and including `end`, or all; null where there is none. They are checked against the key: what
   * differs ends in the Failure `fileDamaged`: before the first byte of a file of `smallBytes` or less, before the last byte of a
   * larger one, and before any wrong byte of a part.
   */
  read(key: string, range?: { readonly start: number; readonly end: number }): Promise<Readable | null>;
  /** Puts the stored file at a path on local disk, checked, by hard link where it can; the file must not be written to. */
  place(key: string, path: string): Promise<StoredFile | null>;
  /** Deletes all versions of a slot but the needed ones, and gives their number. Afterwards `find` gives null. */
  delete(slot: string, needed: Needed): Promise<number>;
  /**
   * Deletes the versions of slots whose minute has passed, and those that were replaced a minute ago or earlier; but not the needed
   * ones. Gives their number. Several processes may do so at once.
   */
  sweep(now: Date, needed: Needed): Promise<number>;
  /** All keys that are stored, and names of what came by an `uploadLink`, in no order; what comes or goes meanwhile may be among them. */
  keys(): AsyncIterable<string>;
  /** Throws, with a sentence for the operator, where storage cannot be used. */
  probe(): Promise<void>;
  /** A link from which the bytes can be had for a while without us, unchecked; absent where there is none. */
  link?(key: string, how: LinkOptions): Promise<string>;
  /**
   * A link to which the bytes of a slot can be sent for a while without us, as often as one likes: the last ones count. Null for more
   * bytes than such a link takes; absent where there is none.
   */
  uploadLink?(slot: string, how: UploadLinkOptions): Promise<string | null>;
}

export interface UploadLinkOptions {
  /** Milliseconds since 1970. */
  readonly until: number;
  /** What is sent has to be of this type and length. */
  readonly contentType: string;
  readonly sizeBytes: number;
  /** How the path of the link ends: two segments and a name, of letters, digits and the characters . _ - */
  readonly end: string;
}

export interface LinkOptions {
  readonly seconds: number;
  readonly contentType: string;
  /** The header Content-Disposition. */
  readonly disposition: string;
}

/** What is not larger is read and checked in one go, before anything of it is handed out. */
export const smallBytes = 256 * 1024;

/** Of these keys, those that must stay, whatever became of their slots. */
export type Needed = (keys: readonly string[]) => Promise<ReadonlySet<string>>;

/** For files that nobody else can know of yet. */
export const nothingNeeded: Needed = async () => new Set();

export interface StoredFile {
  readonly key: string;
  readonly sizeBytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
  /** Strong entity tag, without quotes: the same for the same bytes, and for no others. */
  readonly etag: string;
  readonly storedAt: Date;
}

/** The tag of bytes with this digest. */
export function etagOf(sha256: string): string {
  return sha256.slice(0, 32);
}
