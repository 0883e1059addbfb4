import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DocumentCopy } from '../../src/document/copy.ts';
import { openDocument } from '../../src/document/document.ts';
import type { Edits } from '../../src/document/edits.ts';
import { PageTreeWriter } from '../../src/document/page-tree-writer.ts';
import { FileWriter } from '../../src/file/writer.ts';
import { bytesSource, defaultLimits, memorySink } from '../../src/index.ts';
import { PdfNumber } from '../../src/objects/number.ts';
import { PdfReference } from '../../src/objects/reference.ts';
import { Warnings } from '../../src/warnings.ts';
import { buildPdf } from '../builder.ts';
import { inspect, pageText, type Inspection } from '../inspect.ts';

const file = buildPdf({
  1: '<< /Type /Catalog /Pages 2 0 R >>',
  2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /StructParents 0 /Annots 4 0 R /Contents 6 0 R >>',
  4: '[5 0 R 8 0 R]',
  5: '<< /Subtype /Link /StructParent 1 /Keep (me) >>',
  6: { dictionary: '/StructParent 2', data: 'q Q' },
  7: '(seven)',
  8: '<< /Type /StructElem /Here true >>',
});

function copied(prepare: (edits: Edits, copy: DocumentCopy, writer: FileWriter) => void): Inspection {
  const document = openDocument(bytesSource(file), {
    password: '',
    limits: defaultLimits,
    warnings: new Warnings(),
  });
  const sink = memorySink();
  const writer = new FileWriter(sink, '1.7', false);
  const tree = new PageTreeWriter(writer);
  const copy = new DocumentCopy(document, writer);
  prepare(copy.edits, copy, writer);
  copy.place(0, tree);
  copy.pages();
  copy.drain();
  assert.ok(copy.isPage(3));
  assert.ok(!copy.isPage(0) && !copy.isPage(4));
  const pages = tree.finish();
  const root = writer.allocate();
  writer.begin(root).ascii(`<</Type/Catalog/Pages ${pages} 0 R>>`);
  writer.end();
  writer.finish({ root, info: undefined, id: [new Uint8Array(16), new Uint8Array(16)] });
  sink.finish();
  return inspect(Buffer.from(sink.bytes()));
}

const texts = ({ objects }: Inspection): string => [...objects.values()].map(({ text }) => text).join('\n');

describe('edits', () => {
  it('change the value of a key in pages, objects and streams', () => {
    const result = copied((edits) =>
      edits.onKeys(['StructParent', 'StructParents'], (object) => {
        const key = object.isPage ? 'StructParents' : 'StructParent';
        const old = object.get(key) as PdfNumber;
        object.set(key, new PdfNumber(String(old.value + 10)));
      }),
    );
    assert.match(pageText(result, 0), /\/StructParents 10/);
    assert.match(texts(result), /\/Keep\(me\)\/StructParent 11/);
    assert.match(texts(result), /<<\/StructParent 12\/Length 3>>/);
  });

  it('set entries in terms of the old file and of the new one, and drop them', () => {
    const result = copied((edits) =>
      edits.onObject(5, (link) => {
        link.set('Old', [new PdfReference(7, 0)]);
        link.set('New', '(text)');
        link.set('Keep', undefined);
      }),
    );
    assert.match(texts(result), /<<\/Subtype\/Link\/StructParent 1\/Old \[\d+ 0 R\]\/New \(text\)>>/);
    assert.match(texts(result), /\(seven\)/);
  });

  it('replace arrays', () => {
    const result = copied((edits) =>
      edits.onArrays((array) => {
        array.whole = (array.object() as []).slice(0, 1);
      }),
    );
    assert.doesNotMatch(texts(result), /null/);
  });

  it('see every page', () => {
    const result = copied((edits) => edits.onPages((page) => page.set('Extra', '1')));
    assert.match(pageText(result, 0), /\/Extra 1/);
  });

  it('keep a type of the framework where a carrier takes it over', () => {
    assert.doesNotMatch(texts(copied(() => {})), /Here/);
    assert.match(texts(copied((edits) => edits.keepType('StructElem'))), /\/Type\/StructElem\/Here true/);
  });

  it('let references mean an object of the carrier, or nothing', () => {
    const result = copied((_edits, copy, writer) => {
      const fresh = writer.allocate();
      assert.ok(copy.claim(5, fresh));
      assert.ok(!copy.claim(5, 99));
      writer.begin(fresh).ascii('(mine)');
      writer.end();
      copy.leaveOut(8);
    });
    assert.match(texts(result), /\[\d+ 0 R null\]/);
    assert.match(texts(result), /\(mine/);
  });

  it('copy the entries of an object into another', () => {
    const result = copied((_edits, copy, writer) => {
      const fresh = writer.allocate();
      copy.claim(5, fresh);
      const out = writer.begin(fresh);
      out.ascii('<</Mine 1');
      copy.entries(5, out, ['StructParent']);
      out.ascii('>>');
      writer.end();
    });
    assert.match(texts(result), /<<\/Mine 1\/Subtype\/Link\/Keep\(me\)>>/);
  });
});
