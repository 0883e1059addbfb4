import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blocksOf } from '../../../src/engines/pdfium/layout/layout.ts';
import type { Page } from '../../../src/engines/pdfium/page.ts';
import { pageWith, settings, text } from './made-page.ts';

function blocks(page: Page): string[][] {
  return blocksOf(page, settings).map(({ lines }) => lines.map((line) => line.text));
}

describe('blocks', () => {
  it('are lines close to each other', () => {
    const page = pageWith([text(50, 100, 'one'), text(50, 112, 'two'), text(50, 140, 'three')]);
    assert.deepEqual(blocks(page), [['one', 'two'], ['three']]);
  });
});
