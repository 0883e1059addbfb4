import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  everyPermission,
  makeEncryption,
  type Encryption,
  type EncryptionMethod,
  type Permissions,
  type Protection,
} from '../../src/crypt/encryption.ts';
import { permissionBits, permissionsOf } from '../../src/crypt/permissions.ts';
import { openSecurity, type Security } from '../../src/crypt/security.ts';
import { pdfError } from '../filters/helpers.ts';
import { fixture } from './fixtures.ts';

const fileId = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const methods: readonly EncryptionMethod[] = ['aes-256', 'aes-128', 'rc4-128', 'rc4-40'];

const names = Object.keys(everyPermission) as (keyof Permissions)[];

function make(method: EncryptionMethod, changes: Partial<Protection> = {}): Encryption {
  const passwords = { userPassword: 'user', ownerPassword: 'owner' };
  const protection = {
    method,
    permissions: everyPermission,
    encryptMetadata: true,
    ...passwords,
    ...changes,
  };
  return makeEncryption(protection, fileId);
}

const open = ({ dictionary }: Encryption, password: string): Security =>
  openSecurity(dictionary, fileId, password);

const dataOf = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, index) => index % 251));

/** Encrypts a stream in pieces of so many bytes. */
function encrypted({ stream }: Encryption, number: number, data: Uint8Array, pieceBytes: number): Buffer {
  const encryptor = stream(number);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < data.length; at += pieceBytes)
    parts.push(Buffer.from(encryptor.update(data.subarray(at, at + pieceBytes))));
  return Buffer.concat([...parts, encryptor.final()]);
}

for (const method of methods)
  describe(`encryption by ${method}`, () => {
    for (const [userPassword, ownerPassword] of [
      ['user', 'owner'],
      ['', 'owner'],
      ['user', ''],
      ['Größe', 'Éire'],
    ] as const)
      it(`is opened by the passwords '${userPassword}' and '${ownerPassword}', and no other`, () => {
        const encryption = make(method, { userPassword, ownerPassword });
        assert.equal(open(encryption, userPassword).openedBy, 'user');
        if (ownerPassword !== '') assert.equal(open(encryption, ownerPassword).openedBy, 'owner');
        if (userPassword !== '') {
          assert.throws(() => open(encryption, 'other'), pdfError('password'));
          assert.throws(() => open(encryption, ''), pdfError('password'));
        }
      });

    it('is read again: strings and streams of every length, whole and in pieces', () => {
      const encryption = make(method);
      const security = open(encryption, 'user');
      for (const length of [0, 1, 15, 16, 17, 31, 32, 33, 5000])
        for (const number of [1, 70_000]) {
          const data = dataOf(length);
          const string = encryption.string(number, data);
          assert.deepEqual(Buffer.from(security.decryptString(number, 0, string)), data);
          for (const pieceBytes of [7, 16, 10_000]) {
            const stream = encrypted(encryption, number, data, pieceBytes);
            assert.equal(stream.length, encryption.streamLength(length));
            assert.deepEqual(Buffer.from(security.decryptStream(number, 0, stream)), data);
          }
        }
    });

    it('refuses or implies no permission but those of its revision', () => {
      for (let mask = 0; mask < 1 << names.length; mask++) {
        const permissions = Object.fromEntries(
          names.map((name, index) => [name, (mask & (1 << index)) !== 0]),
        ) as unknown as Permissions;
        const encryption = make(method, { permissions });
        const { r } = encryption.dictionary;
        const read = permissionsOf(open(encryption, 'user').permissions, r);
        const implied = {
          printHighQuality: permissions.print,
          assemble: permissions.modify,
          accessibility: permissions.extract,
          fillForms: permissions.annotate,
        };
        assert.deepEqual(read, r === 2 ? { ...permissions, ...implied } : permissions);
        // One method is enough for all combinations where making the keys takes time.
        if (r === 6) mask += 16;
      }
    });

    it('hides the owner password where none is given: the user password is not it', () => {
      const first = make(method, { ownerPassword: '' });
      assert.equal(open(first, 'user').openedBy, 'user');
      assert.notDeepEqual(first.dictionary.o, make(method, { ownerPassword: '' }).dictionary.o);
    });
  });

describe('what is written', () => {
  const plain = dataOf(40);

  it('differs each time with AES, string by string', () => {
    for (const method of ['aes-256', 'aes-128'] as const) {
      const encryption = make(method);
      const results = [1, 1, 2].map((number) =>
        Buffer.from(encryption.string(number, plain)).toString('hex'),
      );
      assert.equal(new Set(results).size, 3);
      assert.equal(new Set(results.map((text) => text.slice(0, 32))).size, 3, 'vectors');
      const streams = [1, 1].map((number) => encrypted(encryption, number, plain, 40).toString('hex', 0, 16));
      assert.notEqual(streams[0], streams[1]);
    }
  });

  it('is what other writers make of the same passwords, up to revision 4', () => {
    for (const [name, method] of [
      ['RC4 40 bits, revision 2', 'rc4-40'],
      ['RC4 128 bits, revision 3', 'rc4-128'],
      ['AES 128 bits, revision 4', 'aes-128'],
    ] as const) {
      const { dictionary: other } = fixture(name);
      const { dictionary } = make(method);
      const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
      assert.equal(hex(dictionary.o), hex(other.o), name);
      assert.equal(hex(dictionary.u.subarray(0, 16)), hex(other.u.subarray(0, 16)), name);
      assert.equal(dictionary.u.length, 32);
      assert.equal(dictionary.p, other.p);
    }
  });

  it('seals the permissions in revision 6, so that changing /P changes nothing', () => {
    const encryption = make('aes-256', { permissions: { ...everyPermission, print: false } });
    const tampered = { ...encryption.dictionary, p: -4 };
    assert.equal(openSecurity(tampered, fileId, 'user').permissions, encryption.dictionary.p);
  });

  it('says whether metadata are encrypted, which RC4 always does', () => {
    for (const method of methods) {
      const { dictionary } = make(method, { encryptMetadata: false });
      assert.equal(dictionary.encryptMetadata, method.startsWith('rc4'));
      assert.doesNotThrow(() => openSecurity(dictionary, fileId, 'owner'));
    }
  });

  it('repeats itself with the same random bytes', () => {
    const once = (): string => {
      let next = 0;
      const random = (count: number): Uint8Array => Buffer.alloc(count, ++next);
      const protection = { method: 'aes-256', userPassword: '', ownerPassword: '' } as const;
      const rest = { permissions: everyPermission, encryptMetadata: true };
      const encryption = makeEncryption({ ...protection, ...rest }, fileId, random);
      return JSON.stringify([encryption.dictionary, encryption.string(1, plain)]);
    };
    assert.equal(once(), once());
  });
});

describe('permission bits', () => {
  it('are those of table 22, the reserved ones as they must be', () => {
    assert.equal(permissionBits(everyPermission, 6), -4);
    const nothing = Object.fromEntries(names.map((name) => [name, false])) as unknown as Permissions;
    assert.equal(permissionBits(nothing, 6) >>> 0, 0xfffff0c0);
    assert.equal(permissionBits(nothing, 2) >>> 0, 0xffffffc0);
    const bit = (name: keyof Permissions): number =>
      Math.log2(permissionBits({ ...nothing, [name]: true }, 6) - permissionBits(nothing, 6)) + 1;
    assert.deepEqual(Object.fromEntries(names.map((name) => [name, bit(name)])), {
      print: 3,
      printHighQuality: 12,
      modify: 4,
      extract: 5,
      annotate: 6,
      fillForms: 9,
      accessibility: 10,
      assemble: 11,
    });
  });
});

describe('new passwords', () => {
  const legacy = ['aes-128', 'rc4-128', 'rc4-40'] as const;

  it('have up to 127 bytes in revision 6, and are refused beyond that rather than cut', () => {
    for (const userPassword of ['x'.repeat(127), `${'ä'.repeat(63)}x`]) {
      assert.equal(open(make('aes-256', { userPassword }), userPassword).openedBy, 'user');
      const longer = { userPassword: `${userPassword}x` };
      assert.throws(() => make('aes-256', longer), pdfError('new-password'));
      assert.throws(() => make('aes-256', { ownerPassword: longer.userPassword }), pdfError('new-password'));
    }
  });

  it('are prepared in revision 6: what looks the same opens the same', () => {
    const encryption = make('aes-256', { userPassword: 'I\u00adX e\u0301' });
    for (const same of ['IX \u00e9', '\u2168\u00a0e\u0301'])
      assert.equal(open(encryption, same).openedBy, 'user');
    for (const userPassword of ['日本語パスワード', 'пароль', 'سلام 123', '🔑 key'])
      assert.equal(open(make('aes-256', { userPassword }), userPassword).openedBy, 'user');
  });

  it('are refused in revision 6 with characters that SASLprep does not allow', () => {
    for (const odd of ['\u0007', '\u007f', '\ue000', '\ud800', '\u200e', '\ufffd', '\u{e0041}', '\ufdd0'])
      assert.throws(() => make('aes-256', { userPassword: `a${odd}b` }), pdfError('new-password'));
  });

  it('are in PDFDocEncoding before, and are refused where that has no such character', () => {
    for (const method of legacy) {
      assert.equal(open(make(method, { userPassword: '€ Œ ä' }), '€ Œ ä').openedBy, 'user');
      for (const odd of ['пароль', '日本', '🔑']) {
        assert.throws(() => make(method, { userPassword: odd }), pdfError('new-password'));
        assert.throws(() => make(method, { ownerPassword: odd }), pdfError('new-password'));
      }
    }
  });

  it('count to 32 bytes before, as readers do', () => {
    const userPassword = '0123456789'.repeat(4);
    for (const method of legacy) {
      const encryption = make(method, { userPassword });
      assert.equal(open(encryption, userPassword).openedBy, 'user');
      assert.equal(open(encryption, userPassword.slice(0, 32)).openedBy, 'user');
      assert.throws(() => open(encryption, userPassword.slice(0, 31)), pdfError('password'));
    }
  });
});
