import { CFB } from '@e965/xlsx';
import { createCipheriv, createHash } from 'node:crypto';

const salt = Buffer.alloc(16, 7);
const key = Buffer.alloc(32, 9);

/** A workbook encrypted as by Excel since 2010 ([MS-OFFCRYPTO], 2.3.4.10 to 2.3.4.15), with few rounds and a key that everybody knows. */
export function encryptedWorkbook(workbook: Buffer, password: string, rounds = 1_000): Buffer {
  let hash = sha512(salt, Buffer.from(password, 'utf16le'));
  for (let round = 0; round < rounds; round++) hash = sha512(number(round), hash);
  const sealed = (blockKey: string, bytes: Buffer) =>
    encrypt(sha512(hash, Buffer.from(blockKey, 'hex')).subarray(0, 32), salt, bytes).toString('base64');
  const input = Buffer.alloc(16, 5);
  const common =
    'saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512"';
  const xml = [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password">',
    `<keyData ${common} saltValue="${salt.toString('base64')}"/><keyEncryptors><keyEncryptor uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password">`,
    `<p:encryptedKey spinCount="${rounds}" ${common} saltValue="${salt.toString('base64')}" encryptedVerifierHashInput="${sealed('fea7d2763b4b9e79', input)}" encryptedVerifierHashValue="${sealed('d7aa0f6d3061344e', sha512(input))}" encryptedKeyValue="${sealed('146e0be7abacd0d6', key)}"/>`,
    '</keyEncryptor></keyEncryptors></encryption>',
  ];
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(workbook.length));
  const parts: Buffer[] = [size];
  for (let at = 0, index = 0; at < workbook.length; at += 4_096, index++) {
    const segment = workbook.subarray(at, at + 4_096);
    const padded = Buffer.concat([segment, Buffer.alloc((16 - (segment.length % 16)) % 16)]);
    parts.push(encrypt(key, sha512(salt, number(index)).subarray(0, 16), padded));
  }
  const compound = CFB.utils.cfb_new();
  CFB.utils.cfb_add(
    compound,
    '/EncryptionInfo',
    Buffer.concat([Buffer.from('0400040040000000', 'hex'), Buffer.from(xml.join(''))]),
  );
  CFB.utils.cfb_add(compound, '/EncryptedPackage', Buffer.concat(parts));
  return CFB.write(compound, { type: 'buffer' }) as Buffer;
}

function encrypt(secret: Buffer, vector: Buffer, bytes: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-cbc', secret, vector).setAutoPadding(false);
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}

function sha512(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
