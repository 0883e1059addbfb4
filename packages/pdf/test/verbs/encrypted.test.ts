import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { bytesSource, info, memorySink, merge, PdfError } from '../../src/index.ts';
import { pagesPdf } from '../builder.ts';
import { contents, mergeAndInspect } from '../inspect.ts';

const read = (name: string): Buffer => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));

// Made by qpdf from one file of one page: a note, a content stream, XML metadata, a title. The owner's password is `owner`.
const files = [
  { name: 'encrypted-r2.pdf', user: 'user', note: 'RC4, 40 bits' },
  { name: 'encrypted-r3.pdf', user: 'user', note: 'RC4, 128 bits' },
  { name: 'encrypted-r4-metadata.pdf', user: '', note: 'AES, 128 bits, metadata in the clear' },
  { name: 'encrypted-r6.pdf', user: 'user', note: 'AES, 256 bits' },
  { name: 'encrypted-r6-streams.pdf', user: '', note: 'AES, 256 bits, strings in object streams' },
];

describe('merge of encrypted documents', () => {
  for (const { name, user, note } of files)
    for (const password of [user, 'owner'])
      it(`decrypts strings, streams and metadata: ${note}, password '${password}'`, () => {
        const merged = mergeAndInspect([pagesPdf(1), read(name)], ['', password]);
        const everything = merged.bytes.toString('latin1');
        assert.match(contents(merged)[1]!, /^BT \(secret content\) Tj ET\n?$/);
        const texts = [...merged.objects.values()].map(({ text }) => text);
        assert.ok(
          texts.some((text) => text.includes('/Contents(a secret note)')),
          'string',
        );
        assert.ok(everything.includes('<x:xmpmeta/>'), 'metadata');
        assert.doesNotMatch(merged.trailer, /Encrypt/);
      });

  it('decrypts the document information of the first', () => {
    const merged = mergeAndInspect([read('encrypted-r3.pdf')], ['user']);
    assert.ok([...merged.objects.values()].some(({ text }) => text.includes('(a secret title)')));
  });

  it('refuses a wrong password, and says of which input', () => {
    for (const { name } of files.filter(({ user }) => user !== '')) {
      const inputs = [
        { source: bytesSource(pagesPdf(1)) },
        { source: bytesSource(read(name)), password: 'wrong' },
      ];
      assert.throws(
        () => merge(inputs, memorySink()),
        (error) => error instanceof PdfError && error.code === 'password' && error.input === 1,
      );
    }
  });

  it('tries the empty password where a needless one is given', () => {
    assert.equal(mergeAndInspect([read('encrypted-r4-metadata.pdf')], ['needless']).result.pageCount, 1);
  });

  it('opens an encrypted file whose cross-reference is lost', () => {
    for (const { name, user } of files) {
      const whole = read(name);
      const broken = Buffer.concat([
        whole.subarray(0, whole.lastIndexOf('startxref')),
        Buffer.from('%%EOF\n'),
      ]);
      const merged = mergeAndInspect([broken], [user]);
      assert.match(contents(merged)[0]!, /secret content/, name);
    }
  });

  it('refuses a file whose encryption dictionary is lost, rather than give scrambled bytes', () => {
    for (const reference of ['99 0 R', '3 0 R\n/X 99 0 R']) {
      const text = read('encrypted-r3.pdf')
        .toString('latin1')
        .replace(/\/Encrypt \d+ 0 R/, `/Encrypt ${reference}`)
        .replace('/Filter /Standard', '/Filte~ /Standard');
      const inputs = [{ source: bytesSource(Buffer.from(text, 'latin1')), password: 'user' }];
      assert.throws(
        () => merge(inputs, memorySink()),
        (error) => error instanceof PdfError && ['damaged', 'unsupported-encryption'].includes(error.code),
      );
    }
  });

  it('finds an encryption dictionary by its keys where the reference to it leads nowhere', () => {
    const text = read('encrypted-r3.pdf')
      .toString('latin1')
      .replace(/\/Encrypt \d+ 0 R/, '/Encrypt 99 0 R');
    assert.match(contents(mergeAndInspect([Buffer.from(text, 'latin1')], ['user']))[0]!, /secret content/);
  });

  it('reads the encryption dictionary as plain text where the table had to be rebuilt to find it', () => {
    const text = read('encrypted-r3.pdf')
      .toString('latin1')
      .replaceAll(/\d{10}(?= 00000 n)/g, (offset) => String(Number(offset) + 1).padStart(10, '0'));
    assert.match(contents(mergeAndInspect([Buffer.from(text, 'latin1')], ['user']))[0]!, /secret content/);
  });

  it('does not take a file without its trailer for one that is not encrypted', () => {
    const whole = read('encrypted-r6.pdf');
    const cut = whole.subarray(0, whole.lastIndexOf('xref\n', whole.lastIndexOf('startxref') - 1));
    assert.match(contents(mergeAndInspect([cut], ['user']))[0]!, /secret content/);
    const inputs = [{ source: bytesSource(cut), password: 'wrong' }];
    assert.throws(
      () => merge(inputs, memorySink()),
      (error) => error instanceof PdfError && error.code === 'password',
    );
  });
});

describe('info of encrypted documents', () => {
  it('says that they are', () => {
    assert.equal(info(bytesSource(read('encrypted-r6.pdf')), { password: 'user' }).encrypted, true);
    assert.equal(info(bytesSource(pagesPdf(1))).encrypted, false);
  });
});
