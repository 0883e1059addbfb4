import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { everyPermission } from '../../src/crypt/permissions.ts';
import { bytesSource, info, type EncryptionMethod, type Permissions } from '../../src/index.ts';
import { pagesPdf } from '../builder.ts';
import { runEngine, withoutEngine } from '../engines.ts';
import { encrypted, methods } from './encrypted-documents.ts';

for (const method of methods)
  describe(`permissions by ${method}`, () => {
    it('withholds what is asked, and info says so', () => {
      for (const name of Object.keys(everyPermission) as (keyof Permissions)[]) {
        const { bytes: result } = encrypted(pagesPdf(1), {
          method,
          userPassword: 'user',
          ownerPassword: 'owner',
          permissions: { [name]: false },
        });
        for (const password of ['user', 'owner'] as const) {
          const { permissions, encryption } = info(bytesSource(result), { password });
          assert.deepEqual(permissions, permittedWithout(name, method), name);
          assert.equal(encryption?.openedBy, password);
          assert.equal(encryption.passwordNeeded, true);
          assert.equal(`${encryption.algorithm}-${encryption.keyBits}`.toLowerCase(), method);
        }
      }
    });

    it('withholds what is asked, as qpdf sees it', { skip: withoutEngine('qpdf') }, () => {
      const file = pagesPdf(1);
      for (const name of [undefined, ...Object.keys(shown)] as (keyof Permissions | undefined)[]) {
        const permissions = name === undefined ? {} : { [name]: false };
        const { bytes: result } = encrypted(file, { method, permissions });
        assert.deepEqual(qpdfPermissions(result), expectedPermissions(name, method), name);
      }
    });
  });

/** What qpdf calls each permission. */
const shown: Readonly<Record<keyof Permissions, string>> = {
  print: 'print low resolution',
  printHighQuality: 'print high resolution',
  modify: 'modify other',
  extract: 'extract for any purpose',
  annotate: 'modify annotations',
  fillForms: 'modify forms',
  accessibility: 'extract for accessibility',
  assemble: 'modify document assembly',
};

/** The lines of `qpdf --show-encryption` that speak of permissions. */
function qpdfPermissions(file: Buffer): Record<string, boolean> {
  const { output } = runEngine('qpdf', file, ['--show-encryption', 'FILE']);
  const lines = [...output.matchAll(/^(.*): (not allowed|allowed)$/gm)];
  return Object.fromEntries(
    lines
      .filter(([, name]) => name !== 'modify anything')
      .map(([, name, value]) => [name, value === 'allowed']),
  );
}

/** What it must say. */
function expectedPermissions(
  withheld: keyof Permissions | undefined,
  method: EncryptionMethod,
): Record<string, boolean> {
  const permissions = permittedWithout(withheld, method);
  const names = Object.keys(shown) as (keyof Permissions)[];
  const { print } = permissions;
  return Object.fromEntries(
    names.map((name) => [shown[name], permissions[name] && (name !== 'printHighQuality' || print)]),
  );
}

/** What is left without a permission; revision 2 knows four of them, and the others go with them. */
function permittedWithout(withheld: keyof Permissions | undefined, method: EncryptionMethod): Permissions {
  const given = { ...everyPermission, ...(withheld === undefined ? {} : { [withheld]: false }) };
  if (method !== 'rc4-40') return given;
  const { print, modify, extract, annotate } = given;
  return {
    ...given,
    printHighQuality: print,
    assemble: modify,
    accessibility: extract,
    fillForms: annotate,
  };
}
