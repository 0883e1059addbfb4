import assert from 'node:assert/strict';
import { createCipheriv, createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { legacyFileKey, legacyUserEntry } from '../../src/crypt/legacy.ts';
import { buildPdf, bytes, type StreamText } from '../builder.ts';
import { mergeAndInspect, type Inspected } from '../inspect.ts';

// A file of revision 4 with the empty password, encrypted here, because no writer at hand gives streams filters of their own.

const id = bytes('0123456789abcdef');
const o = Buffer.alloc(32, 7);
const keyOf = (encryptMetadata: boolean): Uint8Array =>
  legacyFileKey({ r: 4, o, p: -4, encryptMetadata }, id, new Uint8Array(0), 16);
const userEntryOf = (key: Uint8Array): Buffer =>
  Buffer.concat([legacyUserEntry(4, id, key), Buffer.alloc(16)]);
const fileKey = keyOf(true);
const u = userEntryOf(fileKey);
const hex = (value: Uint8Array): string => `<${Buffer.from(value).toString('hex')}>`;

/** AES, 128 bits, with the key of an object (ISO 32000-2, algorithm 1). */
function encrypt(number: number, plain: Uint8Array): Buffer {
  const salt = Buffer.from([number & 255, number >> 8, 0, 0, 0, 0x73, 0x41, 0x6c, 0x54]);
  const key = createHash('md5').update(fileKey).update(salt).digest();
  const vector = Buffer.alloc(16, number);
  const cipher = createCipheriv('aes-128-cbc', key, vector);
  return Buffer.concat([vector, cipher.update(plain), cipher.final()]);
}

/** Merges a file of one page whose /X is this stream, object 4; answers the stream as it came out. */
function mergedStream(stream: StreamText, more = '', userEntry = u): Inspected {
  const file = buildPdf(
    {
      1: '<< /Type /Catalog /Pages 2 0 R >>',
      2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      3: '<< /Type /Page /MediaBox [0 0 9 9] /X 4 0 R >>',
      4: stream,
      5:
        `<< /Filter /Standard /V 4 /R 4 /Length 128 /P -4 /O ${hex(o)} /U ${hex(userEntry)} /StmF /Std /StrF /Std ` +
        `/CF << /Std << /CFM /AESV2 /Length 16 >> /Clear << /CFM /None >> >> ${more} >>`,
    },
    { trailer: `/Encrypt 5 0 R /ID [${hex(id)} ${hex(id)}]` },
  );
  const merged = mergeAndInspect([file]);
  const found = [...merged.objects.values()].filter(({ data }) => data !== undefined);
  assert.equal(found.length, 1);
  return found[0]!;
}

const text = ({ data }: Inspected): string => data!.toString('latin1');

describe('streams of encrypted files', () => {
  it('are decrypted, strings of their dictionaries too', () => {
    const note = hex(encrypt(4, bytes('a note')));
    const stream = mergedStream({ dictionary: `/Note ${note}`, data: encrypt(4, bytes('plain')) });
    assert.equal(text(stream), 'plain');
    assert.equal(stream.text, '<</Note(a note)/Length 5>>');
  });

  it('are decrypted in pieces where they are large', () => {
    const plain = Buffer.alloc(2_500_001, 'large stream ');
    const stream = mergedStream({ dictionary: '/Note /N', data: encrypt(4, plain) });
    assert.ok(stream.data!.equals(plain));
    assert.match(stream.text, /^<<\/Note\/N\/Length \d+ 0 R>>$/);
  });

  it('are left alone where their own filter is Identity, which goes with its parameters', () => {
    const stream = mergedStream({
      dictionary:
        '/Filter [/Crypt /ASCIIHexDecode] /DecodeParms [<< /Type /CryptFilterDecodeParms /Name /Identity >> null]',
      data: '414243>',
    });
    assert.equal(text(stream), '414243>');
    assert.match(stream.text, /\/Filter \[\/ASCIIHexDecode\]/);
    assert.match(stream.text, /\/DecodeParms \[null\]/);
    assert.doesNotMatch(stream.text, /Crypt/);
  });

  it('go by the filter of embedded files where there is one', () => {
    const attached = (dictionary: string, data: string | Buffer, more: string): string =>
      text(mergedStream({ dictionary, data }, more));
    const plain = bytes('attached');
    assert.equal(attached('/Type /EmbeddedFile', 'attached', '/EFF /Clear'), 'attached');
    assert.equal(attached('/Type /EmbeddedFile', 'attached', '/EFF /Identity'), 'attached');
    assert.equal(attached('/Type /EmbeddedFile', encrypt(4, plain), '/EFF /Std'), 'attached');
    assert.equal(attached('/Type /EmbeddedFile', encrypt(4, plain), ''), 'attached');
    assert.equal(attached('/Type /EmbeddedFile', encrypt(4, plain), '/EFF /Unknown'), 'attached');
    assert.equal(attached('/Type /Other', encrypt(4, plain), '/EFF /Clear'), 'attached');
    const own = '/Type /EmbeddedFile /Filter /Crypt /DecodeParms << /Name /Std >>';
    assert.equal(attached(own, encrypt(4, plain), '/EFF /Clear'), 'attached');
  });

  it('keep the filters that they have besides where that of embedded files is another', () => {
    const dictionary = '/Type /EmbeddedFile /Filter /ASCIIHexDecode';
    const stream = mergedStream({ dictionary, data: '414243>' }, '/EFF /Clear');
    assert.match(stream.text, /\/Filter \/ASCIIHexDecode/);
  });

  it('lose their own filter where they are metadata in the clear', () => {
    const dictionary = '/Type /Metadata /Filter [/Crypt] /DecodeParms [<< /Name /Identity >>]';
    const stream = mergedStream(
      { dictionary, data: '<x/>' },
      '/EncryptMetadata false',
      userEntryOf(keyOf(false)),
    );
    assert.equal(text(stream), '<x/>');
    assert.doesNotMatch(stream.text, /Crypt/);
  });

  it('go by Identity where their own filter has no name', () => {
    const stream = mergedStream({ dictionary: '/Filter /Crypt /Note /N', data: 'clear' });
    assert.equal(text(stream), 'clear');
    assert.equal(stream.text, '<</Note /N/Length 5>>');
  });

  it('go by the filter that they name', () => {
    const named = (name: string): string => `/Filter /Crypt /DecodeParms << /Name /${name} >>`;
    assert.equal(text(mergedStream({ dictionary: named('Std'), data: encrypt(4, bytes('plain')) })), 'plain');
    assert.equal(text(mergedStream({ dictionary: named('Clear'), data: 'clear' })), 'clear');
  });

  it('are decrypted in pieces by the filter that they name', () => {
    const plain = Buffer.alloc(1_500_000, 'x');
    const stream = mergedStream({
      dictionary: '/Filter /Crypt /DecodeParms << /Name /Std >>',
      data: encrypt(4, plain),
    });
    assert.ok(stream.data!.equals(plain));
    assert.doesNotMatch(stream.text, /Crypt/);
  });
});
