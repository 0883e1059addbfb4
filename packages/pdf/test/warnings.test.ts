import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Warnings } from '../src/warnings.ts';

describe('warnings', () => {
  it('are told once each, in order, with what they are about', () => {
    const warnings = new Warnings('Document 2: ');
    for (const sentence of ['B.', 'A.', 'B.']) warnings.add(sentence);
    assert.deepEqual(warnings.list(), ['Document 2: B.', 'Document 2: A.']);
  });

  it('are counted where there are too many', () => {
    const warnings = new Warnings();
    for (let index = 0; index < 60; index++) warnings.add(`Repair ${index}.`);
    warnings.add('Repair 3.');
    assert.equal(warnings.list().length, 51);
    assert.equal(warnings.list().at(-1), 'There were 10 more repairs.');
  });
});
