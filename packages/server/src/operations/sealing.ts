import { Failure } from '../errors.ts';
import { field, type Values } from './fields.ts';

const algorithms = ['AES128', 'AES192', 'AES256'] as const;
const keyBytes: Readonly<Record<(typeof algorithms)[number], number>> = {
  AES128: 16,
  AES192: 24,
  AES256: 32,
};
const ivBytes = 16;

/** AES in CBC mode with the padding of PKCS #7. Plain JSON, and a secret: it stands in the row of a job until the job ends. */
export interface Cipher {
  readonly algorithm: (typeof algorithms)[number];
  /** As many bytes of UTF-8 as the algorithm has in its key: the characters themselves. */
  readonly key: string;
  /** 16 bytes of UTF-8. */
  readonly iv: string;
}

/** How files lie outside of a job, whatever its operation is. */
export interface Sealing {
  /** Of its sources. */
  readonly decryption?: Cipher;
  /** Of the files that it makes. */
  readonly encryption?: Cipher;
  /** The files that it makes are stored as base64 text; of encrypted ones that is the text of what was encrypted. */
  readonly base64?: boolean;
}

const keyExpected = `text of ${Object.entries(keyBytes)
  .map(([name, count]) => `${count} bytes for ${name}`)
  .join(', ')}`;
const ivExpected = `text of ${ivBytes} bytes`;

/** Keys of `profiles` that every operation has. */
export const sealingKeys = {
  DataDecryptionAlgorithm: field.optional(
    field.choice('The sources are encrypted by this, in CBC mode with PKCS7 padding.', algorithms, 'AES128'),
  ),
  DataDecryptionKey: { ...field.text('The key: its characters are the bytes.'), expected: keyExpected },
  DataDecryptionIV: { ...field.text('The initial vector, likewise.'), expected: ivExpected },
  DataEncryptionAlgorithm: field.optional(
    field.choice('The files that are made are to be encrypted by this, likewise.', algorithms, 'AES128'),
  ),
  DataEncryptionKey: { ...field.text('The key for that.'), expected: keyExpected },
  DataEncryptionIV: { ...field.text('The initial vector for that.'), expected: ivExpected },
  outputDataFormat: field.choice(
    'What the files that are made are stored as: their bytes, or base64 text of them.',
    ['binary', 'base64'],
    'binary',
  ),
};

/** Undefined where nothing is asked for. Throws the Failure `profilesInvalid`, which names the key that does not fit. */
export function sealingOf(values: Values<typeof sealingKeys>): Sealing | undefined {
  const decryption = cipherOf('DataDecryption', {
    algorithm: values.DataDecryptionAlgorithm,
    key: values.DataDecryptionKey,
    iv: values.DataDecryptionIV,
  });
  const encryption = cipherOf('DataEncryption', {
    algorithm: values.DataEncryptionAlgorithm,
    key: values.DataEncryptionKey,
    iv: values.DataEncryptionIV,
  });
  const base64 = values.outputDataFormat === 'base64';
  if (decryption === undefined && encryption === undefined && !base64) return undefined;
  return { ...(decryption && { decryption }), ...(encryption && { encryption }), ...(base64 && { base64 }) };
}

function cipherOf(
  prefix: string,
  { algorithm, key, iv }: { readonly [Part in keyof Cipher]: Cipher[Part] | undefined },
): Cipher | undefined {
  if (algorithm === undefined && !key && !iv) return undefined;
  const refuse = (part: string, expected: string) =>
    new Failure('profilesInvalid', { reason: `profiles.${prefix}${part} must be ${expected}` });
  if (algorithm === undefined) throw refuse('Algorithm', `one of ${algorithms.join(', ')}`);
  if (key === undefined || Buffer.byteLength(key) !== keyBytes[algorithm])
    throw refuse('Key', `text of ${keyBytes[algorithm]} bytes, as ${algorithm} has in its key`);
  if (iv === undefined || Buffer.byteLength(iv) !== ivBytes) throw refuse('IV', ivExpected);
  return { algorithm, key, iv };
}
