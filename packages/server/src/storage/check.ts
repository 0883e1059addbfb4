import { createHash, hash } from 'node:crypto';
import { closeSync, read, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { damaged } from './failed.ts';
import { partsOf } from './key.ts';
import { smallBytes } from './storage.ts';

const readSome = promisify(read);

/** What a larger file is read by. */
export const pieceBytes: number = smallBytes;
/** Of each piece so many bytes of its digest are remembered: nobody can make another piece for them on purpose either. */
const pieceDigestBytes = 16;
const rememberedBytesMax = 16 * 1024 * 1024;

/** First and last byte, both counted. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** SHA-256 of an open file, in hexadecimal digits. A small one is read at once, a large one piece by piece on other threads. */
export async function digestOf(fd: number, sizeBytes: number): Promise<string> {
  if (sizeBytes <= smallBytes) return hash('sha256', readSmall(fd, sizeBytes));
  const digest = createHash('sha256');
  for await (const piece of piecesOf(fd, sizeBytes)) digest.update(piece);
  return digest.digest('hex');
}

/** Passes on the bytes of a whole version, the last of them only when all together are what its key says. Throws `fileDamaged`. */
export async function* checked(
  bytes: AsyncIterable<Uint8Array>,
  key: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const digest = createHash('sha256');
  let held: Uint8Array | undefined;
  for await (const piece of bytes) {
    if (piece.length === 0) continue;
    digest.update(piece);
    if (held !== undefined) yield held;
    held = piece;
  }
  if (digest.digest('hex') !== partsOf(key).sha256) throw damaged(key);
  if (held !== undefined) yield held;
}

/** The bytes of one version, wherever they lie. */
export interface Opened {
  readonly sizeBytes: number;
  /** All of a small one, or as much as there is of it. */
  small(): Uint8Array | Promise<Uint8Array>;
  /** Pieces of `pieceBytes` from `start`, which is where one begins, up to but without `end`; fewer where it is shorter than it was. */
  pieces(end: number, start: number): AsyncGenerator<Uint8Array, void, undefined>;
  close(): Promise<void>;
}

/** Reads versions, and gives no byte of them that was not checked. */
export interface CheckedReader {
  /** Takes what is open, and closes it. Throws `fileDamaged`, or the stream does. */
  read(opened: Opened, key: string, range?: Range): Promise<Readable>;
}

interface Remembered {
  readonly digests: Promise<Buffer>;
  readonly bytes: number;
}

/**
 * A part of a large file says nothing about the digest of the whole: before the first part of it is given, all of it is read once,
 * and what its pieces are is remembered. Then only the pieces of the part are read and compared. Of few files, as memory is short.
 */
export function createCheckedReader(): CheckedReader {
  const remembered = new Map<string, Remembered>();
  let rememberedBytes = 0;

  function forget(key: string): void {
    rememberedBytes -= remembered.get(key)?.bytes ?? 0;
    remembered.delete(key);
  }

  function piecesDigests(opened: Opened, key: string): Promise<Buffer> {
    const known = remembered.get(key);
    if (known !== undefined) return known.digests;
    const made = { digests: digestPieces(opened, key), bytes: digestsBytes(opened.sizeBytes) };
    for (const oldest of remembered.keys()) {
      if (rememberedBytes + made.bytes <= rememberedBytesMax) break;
      forget(oldest);
    }
    remembered.set(key, made);
    rememberedBytes += made.bytes;
    made.digests.catch(() => {
      if (remembered.get(key) === made) forget(key);
    });
    return made.digests;
  }

  async function open(opened: Opened, key: string, range?: Range): Promise<Readable> {
    const { sizeBytes } = opened;
    const { start, end } = range ?? { start: 0, end: sizeBytes - 1 };
    if (sizeBytes <= smallBytes) {
      const bytes = await opened.small();
      if (hash('sha256', bytes) !== partsOf(key).sha256) throw damaged(key);
      await opened.close();
      return streamOf(once(bytes.subarray(start, end + 1)), async () => {});
    }
    const whole = start === 0 && end >= sizeBytes - 1;
    const pieces = whole
      ? checked(opened.pieces(sizeBytes, 0), key)
      : part(opened, key, { start, end }, await piecesDigests(opened, key));
    return streamOf(pieces, () => opened.close());
  }

  return {
    async read(opened, key, range) {
      try {
        return await open(opened, key, range);
      } catch (error) {
        await opened.close();
        throw error;
      }
    },
  };
}

/** An open file on local disk. */
export function openedFile(fd: number, sizeBytes: number): Opened {
  let isOpen = true;
  return {
    sizeBytes,
    small: () => readSmall(fd, sizeBytes),
    pieces: (end, start) => piecesOf(fd, end, start),
    async close() {
      // Twice would close what others have opened since.
      if (isOpen) closeSync(fd);
      isOpen = false;
    },
  };
}

async function digestPieces({ sizeBytes, pieces }: Opened, key: string): Promise<Buffer> {
  const digests = Buffer.alloc(digestsBytes(sizeBytes));
  const digest = createHash('sha256');
  let at = 0;
  for await (const piece of pieces(sizeBytes, 0)) {
    digest.update(piece);
    at += digestOfPiece(piece).copy(digests, at);
  }
  if (digest.digest('hex') !== partsOf(key).sha256) throw damaged(key);
  return digests;
}

async function* part(
  { sizeBytes, pieces }: Opened,
  key: string,
  { start, end }: Range,
  digests: Buffer,
): AsyncGenerator<Uint8Array, void, undefined> {
  const first = Math.floor(start / pieceBytes);
  let number = first;
  for await (const piece of pieces(Math.min(sizeBytes, roundUp(end + 1)), first * pieceBytes)) {
    const from = number * pieceBytes;
    const expected = digests.subarray(number * pieceDigestBytes, ++number * pieceDigestBytes);
    if (!digestOfPiece(piece).equals(expected)) throw damaged(key);
    yield piece.subarray(Math.max(0, start - from), end + 1 - from);
  }
}

function digestOfPiece(piece: Uint8Array): Buffer {
  return hash('sha256', piece, 'buffer').subarray(0, pieceDigestBytes);
}

function digestsBytes(sizeBytes: number): number {
  return Math.ceil(sizeBytes / pieceBytes) * pieceDigestBytes;
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / pieceBytes) * pieceBytes;
}

/** Whole pieces from `start` to `end`, each in memory of its own; fewer where the file is shorter than it was. */
export async function* piecesOf(fd: number, end: number, start = 0): AsyncGenerator<Buffer, void, undefined> {
  for (let at = start; at < end;) {
    const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, end - at));
    let filled = 0;
    while (filled < piece.length) {
      const { bytesRead } = await readSome(fd, piece, filled, piece.length - filled, at + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    if (filled > 0) yield piece.subarray(0, filled);
    if (filled < piece.length) return;
    at += filled;
  }
}

/** All of a small file, or as much as there is of it. */
function readSmall(fd: number, sizeBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(sizeBytes);
  let filled = 0;
  while (filled < sizeBytes) {
    const count = readSync(fd, bytes, filled, sizeBytes - filled, filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  if (bytes.length > 0) yield bytes;
}

/** The end of a generator that was never begun does not run; that of its stream does, after the read that is under way. */
function streamOf(pieces: AsyncGenerator<Uint8Array, void, undefined>, end: () => Promise<void>): Readable {
  return Readable.from(pieces, { objectMode: false, highWaterMark: pieceBytes }).once('close', () => {
    end().catch(() => {});
  });
}
