import { createDecipheriv, createHash } from 'node:crypto';
import { Refused } from '../../sandbox/refusal.ts';
import { attributesOf, elementsOf } from './child-xml.ts';

/** With this one Excel encrypts what is protected against changes alone: anybody may read it ([MS-OFFCRYPTO], 2.4.2.1). */
export const openPassword = 'VelvetSweatshop';

/** Opens the package of an encrypted workbook with a password, or else with the one that everybody has. Throws Refused. */
export function decrypted(information: Buffer, encrypted: Buffer, password: string): Buffer {
  const passwords = password === '' ? [openPassword] : [password, openPassword];
  for (const one of passwords) {
    const opened = opening(information, encrypted, one);
    if (opened !== undefined) return opened;
  }
  throw new Refused('password', 'it is protected');
}

/** Rounds of hashing that a file may ask for; Excel asks for 100,000. */
const roundsMax = 2_000_000;
const segmentBytes = 4_096;
/** What the keys of a password are made of besides it (2.3.4.11 and 2.3.4.13). */
const blockKeys = { input: 'fea7d2763b4b9e79', hash: 'd7aa0f6d3061344e', key: '146e0be7abacd0d6' };

/** As Excel encrypts since 2007 ([MS-OFFCRYPTO], 2.3.4); undefined where it is another password. */
function opening(information: Buffer, encrypted: Buffer, password: string): Buffer | undefined {
  if (information.length < 8 || encrypted.length < 8) throw damaged();
  const [major, minor] = [information.readUInt16LE(0), information.readUInt16LE(2)];
  const size = Number(encrypted.readBigUInt64LE(0));
  const data = encrypted.subarray(8);
  if (size > data.length) throw damaged();
  try {
    if (major === 4 && minor === 4)
      return agile(information.toString('utf8', 8), data, password)?.subarray(0, size);
    if (minor === 2) return standard(information, data, password)?.subarray(0, size);
  } catch (error) {
    // What a file says of its own encryption may be anything.
    throw error instanceof Refused ? error : damaged();
  }
  throw unsupported();
}

interface Agile {
  readonly algorithm: string;
  readonly keyBytes: number;
  readonly blockBytes: number;
  readonly salt: Buffer;
}

function agile(xml: string, data: Buffer, password: string): Buffer | undefined {
  const ofData = elementAttributes(xml, 'keyData');
  const ofKey = elementAttributes(xml, 'encryptedKey');
  const [whole, own] = [agileOf(ofData), agileOf(ofKey)];
  const rounds = Number(ofKey.get('spinCount'));
  if (!(rounds >= 0 && rounds <= roundsMax)) throw unsupported();
  const hash = spun(own.algorithm, own.salt, password, rounds);
  const open = (name: string, blockKey: string) => {
    const key = sized(digest(own.algorithm, hash, Buffer.from(blockKey, 'hex')), own.keyBytes);
    return decipher('cbc', key, sized(own.salt, own.blockBytes), bytesOf(ofKey, name));
  };
  const input = open('encryptedVerifierHashInput', blockKeys.input);
  const expected = digest(own.algorithm, input);
  const verified = open('encryptedVerifierHashValue', blockKeys.hash).subarray(0, expected.length);
  if (!verified.equals(expected)) return undefined;
  const key = open('encryptedKeyValue', blockKeys.key).subarray(0, whole.keyBytes);
  const parts: Buffer[] = [];
  for (let at = 0, index = 0; at < data.length; at += segmentBytes, index++) {
    const vector = sized(digest(whole.algorithm, whole.salt, number(index)), whole.blockBytes);
    const segment = data.subarray(at, at + segmentBytes);
    parts.push(decipher('cbc', key, vector, segment.subarray(0, segment.length - (segment.length % 16))));
  }
  return Buffer.concat(parts);
}

function agileOf(attributes: ReadonlyMap<string, string>): Agile {
  const algorithm = (attributes.get('hashAlgorithm') ?? '').toLowerCase().replace('-', '');
  const isKnown =
    attributes.get('cipherAlgorithm') === 'AES' && attributes.get('cipherChaining') === 'ChainingModeCBC';
  if (!isKnown || !/^(?:sha1|sha256|sha384|sha512)$/.test(algorithm)) throw unsupported();
  return {
    algorithm,
    keyBytes: Number(attributes.get('keyBits')) / 8,
    blockBytes: Number(attributes.get('blockSize')),
    salt: bytesOf(attributes, 'saltValue'),
  };
}

/** AES in ECB, with a key by SHA-1 (2.3.4.7). */
function standard(information: Buffer, data: Buffer, password: string): Buffer | undefined {
  const headerBytes = information.readUInt32LE(8);
  const [cipher, keyBits] = [information.readUInt32LE(20), information.readUInt32LE(28)];
  if (![0x660e, 0x660f, 0x6610].includes(cipher)) throw unsupported();
  const verifier = information.subarray(12 + headerBytes);
  const salt = verifier.subarray(4, 20);
  const hash = digest('sha1', spun('sha1', salt, password, 50_000), number(0));
  const derived = [0x36, 0x5c].map((fill) => {
    const block = Buffer.alloc(64, fill);
    for (const [index, byte] of hash.entries()) block[index]! ^= byte;
    return digest('sha1', block);
  });
  const key = Buffer.concat(derived).subarray(0, keyBits / 8);
  const input = decipher('ecb', key, null, verifier.subarray(20, 36));
  const verified = decipher('ecb', key, null, verifier.subarray(40, 72)).subarray(0, 20);
  if (!verified.equals(digest('sha1', input))) return undefined;
  return decipher('ecb', key, null, data.subarray(0, data.length - (data.length % 16)));
}

function spun(algorithm: string, salt: Buffer, password: string, rounds: number): Buffer {
  let hash = digest(algorithm, salt, Buffer.from(password, 'utf16le'));
  for (let round = 0; round < rounds; round++) hash = digest(algorithm, number(round), hash);
  return hash;
}

function decipher(mode: 'cbc' | 'ecb', key: Buffer, vector: Buffer | null, data: Buffer): Buffer {
  const cipher = createDecipheriv(`aes-${key.length * 8}-${mode}`, key, vector).setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

function digest(algorithm: string, ...parts: readonly Buffer[]): Buffer {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** As many bytes as are asked for: what is missing is 0x36. */
function sized(bytes: Buffer, length: number): Buffer {
  if (!(length >= 0 && length <= 64)) throw damaged();
  return Buffer.concat([bytes, Buffer.alloc(length, 0x36)]).subarray(0, length);
}

function elementAttributes(xml: string, name: string): Map<string, string> {
  for (const { attributes } of elementsOf([xml], name)) return attributesOf(attributes);
  throw damaged();
}

function bytesOf(attributes: ReadonlyMap<string, string>, name: string): Buffer {
  return Buffer.from(attributes.get(name) ?? '', 'base64');
}

function unsupported(): Refused {
  return new Refused('unsupported-encryption', 'it is encrypted in an unusual way');
}

function damaged(): Refused {
  return new Refused('workbook', 'it is damaged');
}
