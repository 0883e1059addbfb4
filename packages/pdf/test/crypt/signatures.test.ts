import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { everyPermission, makeEncryption } from '../../src/crypt/encryption.ts';
import { defaultLimits } from '../../src/limits.ts';
import { PdfFile } from '../../src/file/file.ts';
import { writeEncryption } from '../../src/file/encryption.ts';
import { bytesSource } from '../../src/index.ts';
import { ByteBuffer } from '../../src/syntax/byte-buffer.ts';
import { Warnings } from '../../src/warnings.ts';
import { buildPdf, bytes } from '../builder.ts';
import { mergeAndInspect } from '../inspect.ts';

// The value of a signature is never encrypted (ISO 32000-2, 7.6.2); all other strings of its dictionary are.

const id = bytes('0123456789abcdef');
const encryption = makeEncryption(
  {
    method: 'aes-128',
    userPassword: '',
    ownerPassword: 'owner',
    permissions: everyPermission,
    encryptMetadata: true,
  },
  id,
);
const hex = (value: Uint8Array): string => `<${Buffer.from(value).toString('hex')}>`;
/** A string of object 4, encrypted. */
const secret = (text: string): string => hex(encryption.string(4, bytes(text)));
/** A signature value of 48 bytes, which would be something else if it were decrypted. */
const value = Buffer.alloc(48, 0x5a);

/** A file of one page whose /X is this object, number 4. */
function file(object: string): Buffer {
  const dictionary = new ByteBuffer(1024);
  writeEncryption(dictionary, encryption.dictionary);
  return buildPdf(
    {
      1: '<< /Type /Catalog /Pages 2 0 R >>',
      2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      3: '<< /Type /Page /MediaBox [0 0 9 9] /X 4 0 R >>',
      4: object,
      5: Buffer.from(dictionary.view()).toString('latin1'),
    },
    { trailer: `/Encrypt 5 0 R /ID [${hex(id)} ${hex(id)}]` },
  );
}

/** The object as a merge copies it. */
function merged(object: string): string {
  const { objects } = mergeAndInspect([file(object)]);
  return [...objects.values()].map(({ text }) => text).find((text) => text.includes('Contents'))!;
}

/** The object as it is built. */
function built(object: string): unknown {
  const options = { password: '', limits: defaultLimits, warnings: new Warnings() };
  return new PdfFile(bytesSource(file(object)), options).object(4);
}

const kept = hex(value);

describe('signatures in encrypted files', () => {
  for (const marks of [
    '/Type /Sig /ByteRange [0 1 2 3]',
    '/Type /Sig',
    '/Type /DocTimeStamp',
    '/ByteRange [0 1 2 3]',
    '/ByteRange 9 0 R',
    '/Type /S#69g',
  ])
    it(`keep their value, and lose the encryption of the rest: ${marks}`, () => {
      for (const object of [
        `<< ${marks} /Contents ${kept} /Reason ${secret('a reason')} >>`,
        `<< /Reason ${secret('a reason')} /Contents ${kept} ${marks} >>`,
        `<< /FT /Sig /V << ${marks} /Contents ${kept} /Reason ${secret('a reason')} >> >>`,
        `[ << ${marks} /Contents ${kept} /Reason ${secret('a reason')} >> ]`,
      ]) {
        const text = merged(object);
        assert.ok(text.includes(kept) || text.includes(`(${'Z'.repeat(48)})`), text);
        assert.ok(text.includes('(a reason)'), text);
      }
    });

  it('are built the same way', () => {
    const signature = built(`<< /Type /Sig /Contents ${kept} /Reason ${secret('why')} >>`) as Map<
      string,
      { bytes: Uint8Array }
    >;
    assert.deepEqual(Buffer.from(signature.get('Contents')!.bytes), value);
    assert.deepEqual(Buffer.from(signature.get('Reason')!.bytes), bytes('why'));
  });

  it('are told from annotations and from dictionaries around and inside them', () => {
    for (const object of [
      `<< /Type /Annot /Contents ${secret('a note')} >>`,
      `<< /FT /Sig /Contents ${secret('a note')} >>`,
      `<< /Contents ${secret('a note')} /V << /Type /Sig /Contents ${kept} >> >>`,
      `<< /Type /Sig /Contents ${kept} /Reference [ << /Contents ${secret('a note')} >> ] >>`,
      `<< /Type /Sig /Contents ${kept} /Subtype /Contents /Note ${secret('a note')} >>`,
      `<< /Type /Sig /Contents [ ${secret('a note')} ] >>`,
    ])
      assert.ok(merged(object).includes('(a note)'), object);
  });

  it('take no longer where there are many', () => {
    const one = `<< /Type /Sig /Contents ${kept} /Reason ${secret('why')} >>`;
    const text = merged(`[ ${one.repeat(20_000)} ]`);
    assert.equal(text.split('(why)').length, 20_001);
  });
});
