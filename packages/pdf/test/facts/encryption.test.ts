import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { everyPermission } from '../../src/crypt/permissions.ts';
import {
  bytesSource,
  encrypt,
  info,
  memorySink,
  PdfError,
  type DocumentInfo,
  type EncryptionMethod,
  type Permissions,
} from '../../src/index.ts';
import { pagesPdf } from '../builder.ts';

const open = (name: string, password?: string): DocumentInfo =>
  info(bytesSource(readFileSync(new URL(`../fixtures/${name}.pdf`, import.meta.url))), { password });

describe('encryption of a document', () => {
  const files: readonly [
    name: string,
    algorithm: string,
    keyBits: number,
    version: number,
    revision: number,
    passwordNeeded: boolean,
  ][] = [
    ['encrypted-r2', 'RC4', 40, 1, 2, true],
    ['encrypted-r3', 'RC4', 128, 2, 3, true],
    ['encrypted-r4-metadata', 'AES', 128, 4, 4, false],
    ['encrypted-r6', 'AES', 256, 5, 6, true],
  ];
  for (const [name, algorithm, keyBits, version, revision, passwordNeeded] of files)
    it(`is told: ${name}`, () => {
      const found = open(name, 'user');
      assert.equal(found.encrypted, true);
      const rest = { algorithm, keyBits, version, revision, passwordNeeded };
      assert.deepEqual(found.encryption, { ...rest, openedBy: 'user' });
      assert.equal(open(name, 'owner').encryption!.openedBy, 'owner');
      const wrong = (): unknown => open(name, 'wrong').encryption;
      if (passwordNeeded)
        assert.throws(wrong, (error) => error instanceof PdfError && error.code === 'password');
      else assert.deepEqual(wrong(), { ...rest, openedBy: 'user' });
    });
});

describe('permissions', () => {
  /** What is told of a file that was encrypted to allow no more than this. */
  const allowed = (method: EncryptionMethod, permissions: Partial<Permissions>): string => {
    const none = Object.fromEntries(Object.keys(everyPermission).map((name) => [name, false]));
    const sink = memorySink();
    const source = bytesSource(pagesPdf(1));
    encrypt(source, sink, { method, ownerPassword: 'o', permissions: { ...none, ...permissions } });
    return Object.entries(info(bytesSource(sink.bytes())).permissions)
      .filter(([, isAllowed]) => isAllowed)
      .map(([name]) => name)
      .sort()
      .join(' ');
  };

  it('are told as they were given', () => {
    assert.equal(allowed('aes-256', {}), '');
    assert.equal(allowed('aes-256', { print: true, assemble: true }), 'assemble print');
    assert.equal(allowed('rc4-128', { extract: true }), 'extract');
    assert.equal(allowed('rc4-40', { print: true, printHighQuality: true }), 'print printHighQuality');
  });

  it('are all where the document is not encrypted', () => {
    assert.deepEqual(info(bytesSource(pagesPdf(1))).permissions, everyPermission);
  });
});
