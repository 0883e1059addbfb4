/** What a document is by its bytes, and by its name where these do not tell: no program is needed for that. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { kindOf } from '../../../src/engines/libreoffice/child-kind.ts';
import { compoundOf } from '../../program/compound.ts';
import { docx } from '../../program/office.ts';

const folder = mkdtempSync(join(tmpdir(), 'octavo-kind-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function toldOf(bytes: Uint8Array | string, extension = ''): string {
  const path = join(folder, 'document');
  writeFileSync(path, bytes);
  return kindOf(path, extension).kind;
}

describe('the kind of a document', () => {
  it('is that of its own program, whatever is embedded in it', () => {
    assert.equal(toldOf(docx('')), 'docx');
    assert.equal(
      toldOf(compoundOf([{ name: 'MBD0001', holds: ['WordDocument'] }, { name: 'Workbook' }])),
      'xls',
    );
    assert.equal(
      toldOf(compoundOf([{ name: 'ObjectPool', holds: ['_1'] }, { name: 'WordDocument' }])),
      'doc',
    );
  });

  it('is told of texts of any length and encoding', () => {
    assert.equal(toldOf('a'), 'txt');
    assert.equal(toldOf('', 'csv'), 'csv');
    for (const encoding of ['utf8', 'utf16le'] as const)
      assert.equal(toldOf(Buffer.from('\uFEFF<html><body>a', encoding)), 'html');
  });

  it('is none of what no program opens', () => {
    for (const bytes of [Buffer.from([1, 0, 2, 0]), compoundOf([{ name: 'Catalog' }])])
      assert.throws(() => toldOf(bytes), { name: 'Refused', code: 'kind' });
  });
});
