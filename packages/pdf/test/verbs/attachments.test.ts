import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import {
  attachments,
  bytesSource,
  info,
  memorySink,
  type AttachmentsResult,
  type MemorySink,
} from '../../src/index.ts';
import { pagesPdf, type Objects } from '../builder.ts';
import { document } from '../carriers/result.ts';

/** A file with an attachment that is object 11, and what the name tree says. */
const attached = (objects: Objects, names = '(a) 10 0 R', page = '', catalog = ''): Buffer =>
  document(`/Names << /EmbeddedFiles << /Names [${names}] >> >> ${catalog}`, page, {
    10: '<< /Type /Filespec /F (a.txt) /EF << /F 11 0 R >> >>',
    11: { dictionary: '', data: 'hello' },
    ...objects,
  });

/** What is found, and the texts of what is written. */
function extracted(
  file: Uint8Array,
): AttachmentsResult & { readonly texts: readonly (string | undefined)[] } {
  const sinks: MemorySink[] = [];
  const result = attachments(bytesSource(file), { sink: (_, index) => (sinks[index] = memorySink()) });
  const texts = result.attachments.map(({ written }, index) =>
    written === undefined ? undefined : Buffer.from(sinks[index]!.bytes()).toString('latin1'),
  );
  return { ...result, texts };
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

describe('attachments', () => {
  it('are none where there are none', () => {
    assert.deepEqual(attachments(bytesSource(pagesPdf(2))), { pageCount: 2, attachments: [], warnings: [] });
  });

  it('are told with all that the document says, and written', () => {
    const {
      attachments: found,
      texts,
      warnings,
    } = extracted(
      attached({
        10: '<< /F (old.txt) /UF <FEFF20AC002E006300730076> /Desc (about) /AFRelationship /Data /EF << /F 11 0 R /UF 11 0 R >> >>',
        11: {
          dictionary: `/Subtype /text#2Fcsv /Filter /FlateDecode /Params << /Size 5 /CheckSum <${md5('hello')}> /CreationDate (D:20200807) /ModDate (D:2021) >>`,
          data: deflateSync('hello'),
        },
      }),
    );
    assert.deepEqual(found, [
      {
        name: '\u20ac.csv',
        description: 'about',
        mediaType: 'text/csv',
        size: 5,
        created: { raw: 'D:20200807', iso: '2020-08-07T00:00:00', offsetMinutes: undefined },
        modified: { raw: 'D:2021', iso: '2021-01-01T00:00:00', offsetMinutes: undefined },
        checksum: md5('hello'),
        relationship: 'Data',
        pageIndex: undefined,
        written: 5,
        isIntact: true,
      },
    ]);
    assert.deepEqual(texts, ['hello']);
    assert.deepEqual(warnings, []);
  });

  it('are only listed where nothing is asked for', () => {
    const { attachments: found } = attachments(bytesSource(attached({})));
    assert.deepEqual(
      found.map(({ name, written, isIntact }) => [name, written, isIntact]),
      [['a.txt', undefined, undefined]],
    );
    assert.equal(info(bytesSource(attached({})), { attachments: true }).attachments!.length, 1);
  });

  it('are found in the tree, on pages and as associated files, each once', () => {
    const specification = (name: string, data: number, more = ''): string =>
      `<< /F (${name}) /EF << /F ${data} 0 R >> ${more} >>`;
    const file = attached(
      {
        12: `<< /Type /Annot /Subtype /FileAttachment /FS 13 0 R /Contents (a note) >>`,
        13: specification('on page', 14),
        14: { dictionary: '', data: 'page' },
        15: specification('associated', 16, '/AFRelationship /Source'),
        16: { dictionary: '', data: 'data' },
        17: specification('of page', 18),
        18: { dictionary: '', data: 'of page' },
        19: '<< /Type /Annot /Subtype /Text /FS 17 0 R >>',
      },
      '(a) 10 0 R (b) 10 0 R (c) << /F (other name) /EF << /F 11 0 R >> >>',
      '/Annots [19 0 R 12 0 R << /Subtype /FileAttachment /FS 13 0 R >>] /AF 17 0 R',
      '/AF [15 0 R 10 0 R]',
    );
    const { attachments: found, texts } = extracted(file);
    assert.deepEqual(
      found.map(({ name, description, relationship, pageIndex }, index) => [
        name,
        description,
        relationship,
        pageIndex,
        texts[index],
      ]),
      [
        ['a.txt', undefined, undefined, undefined, 'hello'],
        ['other name', undefined, undefined, undefined, 'hello'],
        ['on page', 'a note', undefined, 0, 'page'],
        ['associated', undefined, 'Source', undefined, 'data'],
        ['of page', undefined, undefined, 0, 'of page'],
      ],
    );
  });

  it('are those that are wanted', () => {
    const sink = memorySink();
    const file = attached({ 12: '<< /F (b) /EF << /F 11 0 R >> >>' }, '(a) 10 0 R (b) 12 0 R');
    const { attachments: found } = attachments(bytesSource(file), {
      sink: ({ name }) => (name === 'b' ? sink : undefined),
    });
    assert.deepEqual(
      found.map(({ written }) => written),
      [undefined, 5],
    );
    assert.equal(Buffer.from(sink.bytes()).toString(), 'hello');
  });

  it('say where they are not what the document tells', () => {
    const {
      attachments: found,
      texts,
      warnings,
    } = extracted(
      attached({ 11: { dictionary: `/Params << /Size 9 /CheckSum <${md5('other')}> >>`, data: 'hello' } }),
    );
    assert.equal(found[0]!.isIntact, false);
    assert.deepEqual(texts, ['hello']);
    assert.deepEqual(warnings, [
      'Attachment 1 does not have the checksum that the document tells.',
      'Attachment 1 has 5 bytes, and the document tells of 9.',
    ]);
  });

  it('that cannot be decoded are left out, the others are not', () => {
    const {
      attachments: found,
      texts,
      warnings,
    } = extracted(
      attached(
        {
          11: { dictionary: '/Filter /Unknown', data: 'hello' },
          12: '<< /F (bomb) /EF << /F 13 0 R >> >>',
          13: { dictionary: '/Filter /FlateDecode', data: deflateSync(Buffer.alloc(80_000_000)) },
          14: '<< /F (good) /EF << /F 15 0 R >> >>',
          15: { dictionary: '', data: 'good' },
        },
        '(a) 10 0 R (b) 12 0 R (c) 14 0 R',
      ),
    );
    assert.deepEqual(texts, [undefined, undefined, 'good']);
    assert.equal(found.length, 3);
    assert.deepEqual(warnings, [
      'Attachment 1 could not be read: The filter "Unknown" cannot be undone.',
      'Attachment 2 could not be read: A stream decodes to more than 67108864 bytes.',
    ]);
  });

  it('of any size pass in pieces where they are not compressed', () => {
    const data = Buffer.alloc(5_000_000, 'octavo ');
    const sizes: number[] = [];
    const file = attached({ 11: { dictionary: '', data } });
    const hash = createHash('md5');
    attachments(bytesSource(file), {
      limits: { decodedBytesMax: 1_000_000 },
      sink: () => ({
        write(bytes) {
          sizes.push(bytes.length);
          hash.update(bytes);
        },
        copy() {},
        finish() {},
        discard() {},
      }),
    });
    assert.equal(hash.digest('hex'), createHash('md5').update(data).digest('hex'));
    assert.ok(sizes.length > 1);
  });

  it('leave errors of the sink as they are, and discard it', () => {
    let isDiscarded = false;
    const sink = {
      write() {
        throw new RangeError('full');
      },
      copy() {},
      finish() {},
      discard() {
        isDiscarded = true;
      },
    };
    assert.throws(() => attachments(bytesSource(attached({})), { sink: () => sink }), RangeError);
    assert.equal(isDiscarded, true);
  });

  it('are files here, not files elsewhere', () => {
    const odd = [
      '<< /F (elsewhere) >>',
      '<< /F (a) /EF << >> >>',
      '<< /EF << /F 10 0 R >> >>',
      '(x)',
      '11 0 R',
      '99 0 R',
      '7',
    ];
    for (const value of odd) {
      const found = extracted(
        attached({ 10: value }, '(a) 10 0 R (b) 12 0 R', `/AF ${value} /Annots [${value}]`),
      );
      assert.deepEqual(found.texts, [], value);
    }
  });
});
