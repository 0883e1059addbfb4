/** Files that are none of what an operation takes: each is refused, and none looks like an accident of the server. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { operations } from '../../src/operations/index.ts';
import { onePagePdf } from '../program/document.ts';
import { sendAs } from '../program/forms-of-request.ts';
import { filled } from '../program/samples.ts';
import { served } from '../program/served.ts';

const pdf = onePagePdf('whole');
const files: Readonly<Record<string, Uint8Array>> = {
  'nothing at all': Buffer.alloc(0),
  'a word': Buffer.from('canary'),
  zeros: Buffer.alloc(4_096),
  'every byte': Buffer.from(Array.from({ length: 1_024 }, (_, index) => (index * 37) % 256)),
  'the head of a PDF': pdf.subarray(0, 20),
  'a PDF without pages': Buffer.from(
    '%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n',
  ),
  'the head of a ZIP archive': Buffer.from('PK\x03\x04\x14\x00\x00\x00', 'latin1'),
  'the head of a compound file': Buffer.from('d0cf11e0a1b11ae1', 'hex'),
  'the head of a PNG': Buffer.from('89504e470d0a1a0a', 'hex'),
};

describe('a file that is none', { timeout: 1_800_000 }, () => {
  const octavo = served({ OCTAVO_SYNC_WAIT_SECONDS: '300' });

  for (const { path, fields, examples } of operations.values()) {
    const [example] = examples;
    // What a page is, is no question: a browser shows whatever it gets.
    const isOfPages = /^\/url\/|\/from\/url$/.test(path);
    if (example === undefined || !fields['url']?.isSources || isOfPages) continue;
    it(`is no accident of ${path}`, async (t) => {
      const base = (await filled(octavo.client, example)).filter(([name]) => name !== 'url');
      for (const [name, bytes] of Object.entries(files)) {
        const url = await octavo.client.upload('input', bytes);
        const answer = await sendAs('JSON', octavo.base + path, [...base, ['url', url]], '');
        if (answer.status === 501 && process.env['OCTAVO_REQUIRE_ENGINES'] !== '1')
          return t.skip('its engine is not here');
        const { error, message } = (await answer.json()) as Record<string, unknown>;
        // A word is a text, and a text is a document to some.
        const isTaken = answer.status === 200;
        assert.equal(error, !isTaken);
        assert.ok(isTaken || Math.floor(answer.status / 100) === 4, `${name}: ${String(message)}`);
      }
    });
  }
});
