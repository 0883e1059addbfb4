/** What a document is by its bytes, and by its name where these do not tell: no program is needed for that. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { kindOf } from '../../../src/engines/libreoffice/child-kind.ts';
import { sheetsOf } from '../../../src/engines/libreoffice/child-sheets.ts';
import { compoundOf } from '../../program/compound.ts';
import { docx } from '../../program/office.ts';
import { workbookOf } from '../../program/workbook.ts';
import { zipOf } from '../../program/zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'octavo-kind-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const path = join(folder, 'document');

function toldOf(bytes: Uint8Array | string, extension = ''): string {
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

describe('the sheets of a workbook', () => {
  it('are told in their order, with those that are hidden', () => {
    writeFileSync(
      path,
      workbookOf([
        { name: 'R&D', rows: '' },
        { name: 'Notes', rows: '', state: 'veryHidden' },
      ]),
    );
    assert.deepEqual(sheetsOf(path, 'xlsx'), [
      { name: 'R&D', isHidden: false },
      { name: 'Notes', isHidden: true },
    ]);
    const tables = `<table:table table:style-name="a" table:name="R&amp;D"><table:table-row/></table:table><table:table table:name='Notes'/>`;
    writeFileSync(
      path,
      zipOf([{ name: 'content.xml', data: `<office:spreadsheet>${tables}</office:spreadsheet>` }]),
    );
    assert.deepEqual(
      sheetsOf(path, 'ods')?.map(({ name }) => name),
      ['R&D', 'Notes'],
    );
  });
});
