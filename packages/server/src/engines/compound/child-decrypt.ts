import { createDecipheriv, createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { Refused } from '../../sandbox/refusal.ts';
import { type CompoundFile, type CompoundStream, withCompound } from './child-compound.ts';
import { damaged } from './child-sectors.ts';

/** What opens a package: it decrypts the segment of this number, of 4,096 bytes. */
type OpenSegment = (segment: Buffer, number: number) => Buffer;

/** With this one Excel encrypts what is protected against changes alone: anybody may read it ([MS-OFFCRYPTO] 2.4.2.1). */
export const openPassword = 'VelvetSweatshop';

const segmentBytes = 4_096;
/** Rounds of hashing that a document may ask for; programs write 100,000. */
const spinsMax = 2_000_000;
const infoBytesMax = 64 * 1024;

/**
 * Decrypts a package of Office Open XML that is protected by a password ([MS-OFFCRYPTO], agile and standard encryption) into a file, by its
 * password or by the one that everybody has. Throws Refused: of the code `password` where it has another, `unsupported-encryption`, or
 * `compound`.
 */
export function decryptPackage(path: string, password: string, to: string): void {
  withCompound(path, (compound) => {
    const info = streamOf(compound, 'EncryptionInfo').read(0, infoBytesMax);
    const packed = streamOf(compound, 'EncryptedPackage');
    const open = (password === '' ? undefined : openerOf(info, password)) ?? openerOf(info, openPassword);
    if (open === undefined)
      throw new Refused(
        'password',
        password === '' ? 'it is protected by a password' : 'the password is not its own',
      );
    const size = packed.read(0, 8);
    let left = size.length < 8 ? Infinity : Number(size.readBigUInt64LE());
    if (left > packed.bytes) throw damaged();
    const out = openSync(to, 'wx', 0o600);
    try {
      for (let number = 0; left > 0; number++) {
        const segment = packed.read(8 + number * segmentBytes, segmentBytes);
        const plain = open(segment.subarray(0, segment.length & ~15), number).subarray(0, left);
        if (plain.length === 0) throw damaged();
        for (let at = 0; at < plain.length;) at += writeSync(out, plain, at);
        left -= plain.length;
      }
    } finally {
      closeSync(out);
    }
  });
}

function streamOf(compound: CompoundFile, name: string): CompoundStream {
  const found = compound.stream(name);
  if (found === undefined) throw damaged();
  return found;
}

/** Undefined where it is another password. */
function openerOf(info: Buffer, password: string): OpenSegment | undefined {
  if (info.length < 8) throw damaged();
  const [major, minor] = [info.readUInt16LE(0), info.readUInt16LE(2)];
  const secret = Buffer.from(password, 'utf16le');
  try {
    if (major === 4 && minor === 4) return agile(info.toString('utf8', 8), secret);
    if (minor === 2) return standard(info, secret);
  } catch (error) {
    // What a file says of its own encryption may be anything.
    throw error instanceof Refused ? error : damaged();
  }
  throw unsupported();
}

const blocks = {
  verifierInput: Buffer.from('fea7d2763b4b9e79', 'hex'),
  verifierValue: Buffer.from('d7aa0f6d3061344e', 'hex'),
  key: Buffer.from('146e0be7abacd0d6', 'hex'),
};

/** Attributes of an element of the description of agile encryption. */
interface Cipher {
  readonly hash: string;
  readonly keyBytes: number;
  readonly blockBytes: number;
  readonly salt: Buffer;
  of(name: string): string;
}

function agile(xml: string, password: Buffer): OpenSegment | undefined {
  const data = cipherOf(xml, 'keyData');
  const own = cipherOf(xml, 'encryptedKey');
  const spins = Number(own.of('spinCount'));
  if (!(spins <= spinsMax)) throw unsupported();
  const spun = spin(own.hash, own.salt, password, spins);
  const unlock = (block: Buffer, name: string) => {
    const key = fitted(digest(own.hash, spun, block), own.keyBytes);
    return decrypted('cbc', key, fitted(own.salt, own.blockBytes), Buffer.from(own.of(name), 'base64'));
  };
  const input = unlock(blocks.verifierInput, 'encryptedVerifierHashInput').subarray(0, own.salt.length);
  const value = unlock(blocks.verifierValue, 'encryptedVerifierHashValue');
  const expected = digest(own.hash, input);
  if (!expected.equals(value.subarray(0, expected.length))) return undefined;
  const key = unlock(blocks.key, 'encryptedKeyValue').subarray(0, data.keyBytes);
  if (key.length < data.keyBytes) throw damaged();
  return (segment, number) =>
    decrypted('cbc', key, fitted(digest(data.hash, data.salt, int32(number)), data.blockBytes), segment);
}

function cipherOf(xml: string, element: string): Cipher {
  const tag = new RegExp(`<(?:\\w+:)?${element}\\s[^>]{0,4096}>`).exec(xml)?.[0] ?? '';
  const of = (name: string) => new RegExp(`\\s${name}=(["'])(.*?)\\1`).exec(tag)?.[2] ?? '';
  const hash = of('hashAlgorithm').replaceAll('-', '').toLowerCase();
  if (
    of('cipherAlgorithm') !== 'AES' ||
    of('cipherChaining') !== 'ChainingModeCBC' ||
    !/^sha(?:1|256|384|512)$/.test(hash)
  )
    throw unsupported();
  const [keyBytes, blockBytes] = [Number(of('keyBits')) / 8, Number(of('blockSize'))];
  if (![16, 24, 32].includes(keyBytes) || blockBytes !== 16) throw damaged();
  return { hash, keyBytes, blockBytes, salt: Buffer.from(of('saltValue'), 'base64'), of };
}

/** AES in electronic code book mode, with keys made by SHA-1, as Office 2007 writes it. */
function standard(info: Buffer, password: Buffer): OpenSegment | undefined {
  const header = info.subarray(12, 12 + info.readUInt32LE(8));
  const verifier = info.subarray(12 + header.length);
  if (header.length < 32 || verifier.length < 72) throw damaged();
  // AES with keys of 128, 192 and 256 bits.
  if (![0x660e, 0x660f, 0x6610].includes(header.readUInt32LE(8))) throw unsupported();
  const keyBytes = header.readUInt32LE(16) / 8;
  if (![16, 24, 32].includes(keyBytes)) throw damaged();
  const spun = digest('sha1', spin('sha1', verifier.subarray(4, 20), password, 50_000), int32(0));
  const half = (byte: number) => {
    const pad = Buffer.alloc(64, byte);
    for (let at = 0; at < spun.length; at++) pad[at] = byte ^ (spun[at] ?? 0);
    return digest('sha1', pad);
  };
  const key = Buffer.concat([half(0x36), half(0x5c)]).subarray(0, keyBytes);
  const input = decrypted('ecb', key, null, verifier.subarray(20, 36));
  const value = decrypted('ecb', key, null, verifier.subarray(40, 72));
  if (!digest('sha1', input).equals(value.subarray(0, 20))) return undefined;
  return (segment) => decrypted('ecb', key, null, segment);
}

function spin(hash: string, salt: Buffer, password: Buffer, spins: number): Buffer {
  let spun = digest(hash, salt, password);
  for (let round = 0; round < spins; round++) spun = digest(hash, int32(round), spun);
  return spun;
}

function digest(hash: string, ...parts: readonly Buffer[]): Buffer {
  const made = createHash(hash);
  for (const part of parts) made.update(part);
  return made.digest();
}

function decrypted(mode: 'cbc' | 'ecb', key: Buffer, iv: Buffer | null, bytes: Buffer): Buffer {
  const decipher = createDecipheriv(`aes-${key.length * 8}-${mode}`, key, iv).setAutoPadding(false);
  if (bytes.length % 16 !== 0) throw damaged();
  return Buffer.concat([decipher.update(bytes), decipher.final()]);
}

/** Cut, or filled up with 0x36, to a length. */
function fitted(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(Math.max(0, length - bytes.length), 0x36)]).subarray(0, length);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function unsupported(): Refused {
  return new Refused('unsupported-encryption', 'it is protected in a way that is not supported');
}
