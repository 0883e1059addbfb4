import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../src', import.meta.url));

/** What each folder may import; the files beside the folders (errors, limits, warnings, work) are open to all. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  objects: [],
  syntax: ['objects'],
  filters: ['node:zlib'],
  crypt: ['syntax', 'node:crypto'],
  file: ['objects', 'syntax', 'filters', 'crypt', 'node:fs', 'node:zlib'],
  document: ['objects', 'syntax', 'filters', 'file'],
  verbs: ['document', 'file', 'crypt', 'node:crypto'],
  '.': ['crypt', 'document', 'file', 'filters', 'verbs'],
};

const files = globSync('**/*.ts', { cwd: root });
const folderOf = (file: string): string => dirname(file).split(sep)[0]!;

function imports(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)'([^']+)'/g)].map((match) => match[1]!);
}

describe('architecture', () => {
  it('has a rule for each folder', () => {
    assert.deepEqual([...new Set(files.map(folderOf))].sort(), Object.keys(arrows).sort());
  });

  for (const file of files)
    it(`${file} imports only what its folder may`, () => {
      const folder = folderOf(file);
      for (const target of imports(file)) {
        const place = target.startsWith('.')
          ? folderOf(relative(root, join(root, dirname(file), target)))
          : target;
        if (place === folder || place === '.') continue;
        assert.ok(arrows[folder]!.includes(place), `${folder} must not import ${place}`);
      }
    });

  it('keeps files readable: none is longer than 400 lines', () => {
    for (const file of files)
      assert.ok(readFileSync(join(root, file), 'utf8').split('\n').length <= 400, file);
  });

  it('has no folder for everything', () => {
    for (const name of ['utils', 'common', 'shared', 'helpers', 'types']) assert.ok(!(name in arrows));
  });

  it('tells of every export what it is', () => {
    for (const file of files.filter((each) => each !== 'index.ts')) {
      const text = readFileSync(join(root, file), 'utf8');
      for (const match of text.matchAll(/^export (?!\{|\*|type \{)(.*)$/gm)) {
        const before = text.slice(0, match.index).trimEnd();
        const last = before.slice(before.lastIndexOf('\n') + 1);
        assert.ok(last.endsWith('*/') || last.startsWith('export const'), `${file}: ${match[1]}`);
      }
    }
  });
});
