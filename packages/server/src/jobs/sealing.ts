import { createCipheriv, createDecipheriv, type Decipheriv } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { FileHandle } from '../engines/capabilities.ts';
import { Failure } from '../errors.ts';
import type { Outcome } from '../operations/operation.ts';
import type { Cipher, Sealing } from '../operations/sealing.ts';

/** Puts the plain bytes in the place of an encrypted source. Throws the Failure `decryptionFailed`. */
export async function openSource(file: FileHandle, cipher: Cipher, signal: AbortSignal): Promise<FileHandle> {
  // The source may be a second name of a stored file: it must not be written to.
  const opened = `${file.path}.opened`;
  let sizeBytes: number;
  try {
    sizeBytes = await copy(file.path, [decipher(cipher)], opened, signal);
  } catch (error) {
    throw isCipherError(error) ? new Failure('decryptionFailed', {}, { cause: error }) : error;
  }
  await rename(opened, file.path);
  return { ...file, sizeBytes };
}

/**
 * What is to be stored of what a job has made, where its files are sealed: other files, in the place of the ones that it has made. A
 * value becomes a file; the list of links of several files stays as it is.
 */
export async function sealed(
  outcome: Outcome,
  sealing: Sealing | undefined,
  { directory, signal }: { readonly directory: string; readonly signal: AbortSignal },
): Promise<Outcome> {
  if (sealing?.encryption === undefined && sealing?.base64 === undefined) return outcome;
  if ('file' in outcome) return { ...outcome, file: await sealFile(outcome.file, sealing, signal) };
  if ('body' in outcome) {
    const { body, ...more } = outcome;
    const path = join(directory, 'octavo-value.json');
    await writeFile(path, JSON.stringify(body), { mode: 0o600, flag: 'wx' });
    return { ...more, file: await sealFile({ path, name: '', sizeBytes: 0 }, sealing, signal) };
  }
  const files: FileHandle[] = [];
  for (const file of outcome.files) files.push(await sealFile(file, sealing, signal));
  return { ...outcome, files };
}

async function sealFile(
  file: FileHandle,
  { encryption, base64 }: Sealing,
  signal: AbortSignal,
): Promise<FileHandle> {
  const path = `${file.path}.sealed`;
  const steps = [...(encryption ? [cipherFor(encryption)] : []), ...(base64 ? [new ToBase64()] : [])];
  const sizeBytes = await copy(file.path, steps, path, signal);
  await rm(file.path);
  return { ...file, path, sizeBytes };
}

/** The bytes of a stored file as they were before it was sealed. */
export function unsealed(bytes: Readable, sealing: Sealing | undefined): Readable {
  const { encryption, base64 } = sealing ?? {};
  const steps = [...(base64 ? [new FromBase64()] : []), ...(encryption ? [decipher(encryption)] : [])];
  if (steps.length === 0) return bytes;
  const end = new PassThrough();
  pipeline([bytes, ...steps, end]).catch((error: Error) => end.destroy(error));
  return end;
}

/** Gives the bytes of what it has written. */
async function copy(
  from: string,
  steps: readonly NodeJS.ReadWriteStream[],
  to: string,
  signal: AbortSignal,
): Promise<number> {
  const target = createWriteStream(to, { flags: 'wx', mode: 0o600 });
  await pipeline([createReadStream(from), ...steps, target], { signal });
  return target.bytesWritten;
}

function cipherFor({ algorithm, key, iv }: Cipher) {
  return createCipheriv(nameOf(algorithm), Buffer.from(key), Buffer.from(iv));
}

function decipher({ algorithm, key, iv }: Cipher): Decipheriv {
  return createDecipheriv(nameOf(algorithm), Buffer.from(key), Buffer.from(iv));
}

function nameOf(algorithm: Cipher['algorithm']): string {
  return `aes-${algorithm.slice('AES'.length)}-cbc`;
}

/** What OpenSSL says of a wrong padding, or of a length that is none of whole blocks. */
function isCipherError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_OSSL_');
}

/** Base64 text without line breaks. */
class ToBase64 extends Transform {
  #rest = Buffer.alloc(0);

  override _transform(chunk: Buffer, _encoding: unknown, done: (error: null, text: string) => void): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const whole = bytes.length - (bytes.length % 3);
    this.#rest = bytes.subarray(whole);
    done(null, bytes.toString('base64', 0, whole));
  }

  override _flush(done: (error: null, text: string) => void): void {
    done(null, this.#rest.toString('base64'));
  }
}

/** The bytes of what ToBase64 has written. */
class FromBase64 extends Transform {
  #rest = '';

  override _transform(chunk: Buffer, _encoding: unknown, done: (error: null, bytes: Buffer) => void): void {
    const text = this.#rest + chunk.toString('latin1');
    const whole = text.length - (text.length % 4);
    this.#rest = text.slice(whole);
    done(null, Buffer.from(text.slice(0, whole), 'base64'));
  }
}
