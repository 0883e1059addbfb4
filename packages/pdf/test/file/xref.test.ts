import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { bytesSource, info, memorySink, merge, PdfError, type Limits } from '../../src/index.ts';
import {
  buildPdf,
  bytes,
  objectBytes,
  objectStream,
  pagesPdf,
  xrefStream,
  type Objects,
} from '../builder.ts';
import { contents, mergeAndInspect, pageText } from '../inspect.ts';

const REBUILT = 'The cross-reference table was rebuilt.';

/** A document of one page that says `hello`, with an object to be replaced, 5. */
const objects: Objects = {
  1: '<< /Type /Catalog /Pages 2 0 R >>',
  2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /X 5 0 R >>',
  4: { dictionary: '', data: 'hello' },
  5: '(old)',
};

const edit = (file: Buffer, from: RegExp | string, to: string): Buffer => {
  const text = file.toString('latin1');
  const edited = text.replace(from, to);
  assert.notEqual(edited, text, 'the edit changes something');
  return bytes(edited);
};

/** What the page's /X is, and the warnings. */
function readX(file: Buffer): { x: string; warnings: readonly string[] } {
  const merged = mergeAndInspect([file]);
  assert.deepEqual(contents(merged), ['hello']);
  const [, value] = /\/X ?(\d+ 0 R|null)/.exec(pageText(merged, 0))!;
  const x = value === 'null' ? 'null' : merged.objects.get(Number.parseInt(value!, 10))!.text;
  return { x, warnings: merged.result.warnings };
}

const codeOf = (file: Uint8Array, limits: Partial<Limits> = {}): string => {
  try {
    merge([{ source: bytesSource(file) }], memorySink(), { limits });
  } catch (error) {
    assert.ok(error instanceof PdfError, String(error));
    return error.code;
  }
  return 'none';
};

/** Appends an incremental update: objects, a table that lists them, a trailer that points back. */
function update(file: Buffer, changes: Objects, freed: readonly number[] = [], trailer = ''): Buffer {
  const previous = /startxref\n(\d+)\n%%EOF\n$/.exec(file.toString('latin1'))![1];
  let body = '';
  let table = '';
  for (const [number, object] of Object.entries(changes)) {
    table += `${number} 1\n${String(file.length + body.length).padStart(10, '0')} 00000 n \n`;
    body += objectBytes(Number(number), object).toString('latin1');
  }
  for (const number of freed) table += `${number} 1\n0000000000 00001 f \n`;
  const start = file.length + body.length;
  const tail = `trailer\n<< /Size 9 /Root 1 0 R /Prev ${previous} ${trailer} >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.concat([file, bytes(`${body}xref\n${table}${tail}`)]);
}

describe('cross-reference tables', () => {
  it('are read with incremental updates, the newest first', () => {
    const once = update(buildPdf(objects), { 5: '(new)' });
    assert.deepEqual(readX(once), { x: '(new)', warnings: [] });
    assert.deepEqual(readX(update(once, { 5: '(newest)' })), { x: '(newest)', warnings: [] });
  });

  it('do not bring back what an update has deleted', () => {
    assert.deepEqual(readX(update(buildPdf(objects), {}, [5])), { x: 'null', warnings: [] });
  });

  it('do not bring it back when they are rebuilt', () => {
    const lost = (file: Buffer): Buffer => edit(file, /startxref\n\d+\n%%EOF\n$/, 'startxref\n7\n%%EOF\n');
    const deleted = update(buildPdf(objects), {}, [5]);
    assert.deepEqual(readX(lost(deleted)), { x: 'null', warnings: [REBUILT] });
    assert.equal(readX(lost(update(streamFile(), {}, [5]))).x, 'null');
    assert.equal(readX(lost(update(deleted, { 5: '(again)' }))).x, '(again)');
    // A first table deletes nothing, nor does one of a hybrid file.
    assert.equal(readX(lost(edit(deleted, /\/Prev \d+/, ''))).x, '(old)');
    assert.equal(readX(lost(edit(deleted, /\/Prev/, '/XRefStm 9 /Prev'))).x, '(old)');
  });

  it('do not give an object under another generation', () => {
    assert.equal(readX(edit(buildPdf(objects), '/X 5 0 R', '/X 5 1 R')).x, 'null');
  });

  const harmless: readonly [title: string, file: Buffer][] = [
    [
      'junk before the header, offsets from the first byte',
      buildPdf(objects, { before: 'junk\r\n'.repeat(300) }),
    ],
    [
      'junk before the header, offsets from the header',
      Buffer.concat([bytes('junk\n'.repeat(20)), buildPdf(objects)]),
    ],
    ['junk after the end', Buffer.concat([buildPdf(objects), bytes('\0'.repeat(3000))])],
    ['carriage returns for line ends', edit(buildPdf(objects), /xref\n0 6\n/, 'xref\r0 6\r')],
    ['a table that counts from 1', edit(buildPdf(objects), 'xref\n0 6', 'xref\n1 6')],
    ['a trailer on the last line of the table', edit(buildPdf(objects), ' n \ntrailer', ' n trailer')],
    ['a /Prev of 0', edit(buildPdf(objects), '/Root', '/Prev 0 /Root')],
  ];
  for (const [title, file] of harmless)
    it(`are read with ${title}`, () => assert.deepEqual(readX(file), { x: '(old)', warnings: [] }));

  const lost: readonly [title: string, file: Buffer][] = [
    ['no startxref', edit(buildPdf(objects), /startxref\n\d+\n%%EOF\n/, '')],
    ['a startxref that points elsewhere', edit(buildPdf(objects), /startxref\n\d+/, 'startxref\n20')],
    [
      'a startxref past the end',
      edit(buildPdf(objects), /startxref\n\d+/, 'startxref\n99999999999999999999'),
    ],
    ['a startxref that is no number', edit(buildPdf(objects), /startxref\n\d+/, 'startxref\nabc')],
    [
      'two startxref, the last one wrong',
      Buffer.concat([buildPdf(objects), bytes('startxref\n12\n%%EOF\n')]),
    ],
    ['offsets that are all wrong', edit(buildPdf(objects), '%PDF-1.7\n', '%PDF-1.7\n%more\n')],
    [
      'an offset that is wrong',
      edit(buildPdf(objects), /(\d{10}) 00000 n (\n0*\d+ 00000 n \ntrailer)/, '0000000033 00000 n $2'),
    ],
    ['an offset past the end', edit(buildPdf(objects), /\d{10}( 00000 n \ntrailer)/, '9999999999$1')],
    ['an entry for another object', edit(buildPdf(objects), '5 0 obj', '7 0 obj')],
    ['no table', edit(buildPdf(objects), /xref\n0 6\n/, '')],
    ['a table cut short', edit(buildPdf(objects), /(\d{10} 00000 n \n){3}trailer/, 'trailer')],
    ['a table full of junk', edit(buildPdf(objects), /\d{10} 00000 n /g, 'xxxxxxxxxx yyyyy z ')],
    ['a table of the wrong number', edit(buildPdf(objects), 'xref\n0 6', 'xref\n3 6')],
    ['a trailer without a root', edit(buildPdf(objects), '/Root 1 0 R', '')],
    ['a root that is no catalog', edit(buildPdf(objects), '/Root 1 0 R', '/Root 5 0 R')],
    ['no trailer', edit(buildPdf(objects), /trailer\n.*\n/, '')],
    ['no endobj', edit(buildPdf(objects), /endobj\n/g, '').subarray(0, -60)],
    ['the tail cut off', buildPdf(objects).subarray(0, buildPdf(objects).indexOf('xref'))],
    ['a table that claims to be endless', edit(buildPdf(objects), 'xref\n0 6', 'xref\n2147483000 6')],
    ['no header', edit(buildPdf(objects), '%PDF-1.7', '%XXX-1.7').subarray(0, -30)],
  ];
  for (const [title, file] of lost)
    it(`are rebuilt where there is ${title}`, () => {
      const { x, warnings } = readX(file);
      assert.ok(
        ['an entry for another object', 'a table of the wrong number'].includes(title) || x === '(old)',
        x,
      );
      assert.ok(warnings.includes(REBUILT), 'it is said');
    });

  it('are rebuilt with the later of two objects', () => {
    const file = Buffer.concat([buildPdf(objects), objectBytes(5, '(later)')]);
    assert.equal(readX(edit(file, /startxref\n\d+/, '')).x, '(later)');
  });

  it('are rebuilt without what only looks like an object, inside a stream', () => {
    const inner = '5 0 obj\n(inner)\nendobj\ntrailer\n<< /Root 5 0 R >>\n';
    const file = buildPdf({ ...objects, 6: { dictionary: '', data: inner } });
    assert.equal(readX(edit(file, /startxref\n\d+/, '')).x, '(old)');
  });

  it('may form a loop', () => {
    const file = buildPdf(objects);
    const start = /startxref\n(\d+)/.exec(file.toString('latin1'))![1];
    assert.deepEqual(readX(edit(file, '/Root', `/Prev ${start} /Root`)), {
      x: '(old)',
      warnings: ['The chain of cross-reference sections was a loop.'],
    });
  });

  it('may have many revisions, up to a limit', () => {
    let file = buildPdf(objects);
    for (let revision = 0; revision < 30; revision++) file = update(file, {});
    assert.deepEqual(readX(file), { x: '(old)', warnings: [] });
    assert.equal(codeOf(file, { revisionsMax: 31 }), 'none');
    assert.equal(codeOf(file, { revisionsMax: 30 }), 'limit');
  });
});

/** The file with its objects in object streams and a cross-reference stream, taken apart so that tests can change it. */
function streamFile(change: (entries: string) => string = (entries) => entries, tail = ''): Buffer {
  const group: [number, string][] = [1, 2, 3, 5].map((number) => [number, objects[number] as string]);
  const head = bytes('%PDF-1.5\n');
  const data = objectBytes(4, objects[4]!);
  const members = objectBytes(6, objectStream(group));
  const start = head.length + data.length + members.length;
  const places = new Map<number, [number, number, number]>([
    [4, [1, head.length, 0]],
    [6, [1, head.length + data.length, 0]],
    [7, [1, start, 0]],
  ]);
  for (const [index, [number]] of group.entries()) places.set(number, [2, 6, index]);
  const xref = objectBytes(7, xrefStream(places, 8, change('/Size 8 /Root 1 0 R')));
  return Buffer.concat([head, data, members, xref, bytes(`${tail}startxref\n${start}\n%%EOF\n`)]);
}

describe('cross-reference streams', () => {
  it('are read, with objects in object streams', () => {
    assert.deepEqual(readX(streamFile()), { x: '(old)', warnings: [] });
  });

  it('are read with an index', () => {
    assert.deepEqual(readX(streamFile((entries) => `${entries} /Index [0 3 3 5]`)), {
      x: '(old)',
      warnings: [],
    });
  });

  it('are rebuilt from, object streams and all, where startxref is wrong', () => {
    const { x, warnings } = readX(edit(streamFile(), /startxref\n\d+/, 'startxref\n3'));
    assert.equal(x, '(old)');
    assert.deepEqual(warnings, [REBUILT]);
  });

  it('are rebuilt with objects that come after the object stream', () => {
    assert.equal(
      readX(
        edit(
          streamFile((entries) => entries, '5 0 obj\n(later)\nendobj\n'),
          /startxref\n\d+/,
          '',
        ),
      ).x,
      '(later)',
    );
  });

  const wrong: readonly [title: string, change: (entries: string) => string][] = [
    ['claim 2^31 objects', (entries) => `${entries} /Index [0 2147483647]`],
    ['have an endless size', (entries) => entries.replace('/Size 8', '/Size 2147483647')],
    ['have no widths', (entries) => `${entries} /W null`],
    ['have absurd widths', (entries) => `${entries} /W [1 2147483647 2]`],
    ['have a filter nobody knows', (entries) => `${entries} /Filter /Zip`],
  ];
  for (const [title, change] of wrong)
    it(`are rebuilt where they ${title}`, () => {
      const { x, warnings } = readX(streamFile(change));
      assert.equal(x, '(old)');
      assert.ok(warnings.includes(REBUILT));
    });

  it('stop at the limit of decoded bytes', () => {
    const file = buildPdf({ ...objects, 6: '(padding)'.repeat(2000) }, { objectStreamSize: 10 });
    assert.equal(codeOf(file, { decodedBytesMax: 30_000 }), 'none');
    assert.equal(codeOf(file, { decodedBytesMax: 10_000 }), 'limit');
    assert.equal(codeOf(file, { decodedBytesTotalMax: 10_000 }), 'limit');
  });

  it('stop at the limit of filters', () => {
    const file = streamFile((entries) => `${entries} /Filter [${'/FlateDecode '.repeat(30)}]`);
    assert.equal(codeOf(file, { filtersMax: 25 }), 'limit');
  });
});

describe('hybrid files', () => {
  it('have objects that the table calls free in a stream that the trailer names', () => {
    const head = '%PDF-1.5\n';
    const parts = [
      objectBytes(1, objects[1]!),
      objectBytes(2, objects[2]!),
      objectBytes(3, objects[3]!),
      objectBytes(4, objects[4]!),
    ];
    const members = objectBytes(6, objectStream([[5, '(hidden)']]));
    let offset = head.length;
    const rows = parts.map((part) => {
      const row = `${String(offset).padStart(10, '0')} 00000 n \n`;
      offset += part.length;
      return row;
    });
    const hiddenAt = offset + members.length;
    const hidden = objectBytes(
      7,
      xrefStream(
        new Map([
          [5, [2, 6, 0]],
          [6, [1, offset, 0]],
        ]),
        7,
        '/Size 7',
      ),
    );
    const start = hiddenAt + hidden.length;
    const table = `xref\n0 7\n0000000000 65535 f \n${rows.join('')}0000000000 00000 f \n0000000000 00000 f \n`;
    const trailer = `trailer\n<< /Size 8 /Root 1 0 R /XRefStm ${hiddenAt} >>\nstartxref\n${start}\n%%EOF\n`;
    const file = Buffer.concat([bytes(head), ...parts, members, hidden, bytes(table + trailer)]);
    assert.deepEqual(readX(file), { x: '(hidden)', warnings: [] });
  });
});

describe('object streams', () => {
  const packed = (dictionary: string, text: string, more: Objects = {}): Buffer => {
    const stream = { dictionary: `/Type /ObjStm ${dictionary}`, data: text };
    const file = buildPdf({ ...objects, 5: '(old)', 6: stream, ...more });
    // Without a table, what is in the stream counts if it comes after the object itself.
    return edit(file, /startxref\n\d+/, '');
  };
  const cases: readonly [title: string, dictionary: string, text: string, expected: string][] = [
    ['that is sound', '/N 1 /First 4', '5 0 (in)', '(in)'],
    ['that claims 2^31 objects', '/N 2147483647 /First 4', '5 0 (in)', '(in)'],
    ['whose positions lie outside', '/N 1 /First 7', '5 9999 (in)', 'null'],
    ['whose header breaks off', '/N 2 /First 5', '5 0 x(in)', '(in)'],
    ['that extends itself', '/N 1 /First 4 /Extends 6 0 R', '5 0 (in)', '(in)'],
    ['that holds itself', '/N 2 /First 8', '6 0 5 0 (in)', '(in)'],
    ['that has no /First', '/N 1', '5 0 (in)', '(in)'],
    ['whose /First cuts into its header', '/N 1 /First 2', '5 0 (in)', '(in)'],
    ['that cannot be decoded', '/N 1 /First 4 /Filter /Zip', '5 0 (in)', '(old)'],
  ];
  for (const [title, dictionary, text, expected] of cases)
    it(`are read: one ${title}`, () => assert.equal(readX(packed(dictionary, text)).x, expected));

  it('are not believed to hold streams', () => {
    const file = packed('/N 1 /First 4', '5 0 << /A 1 >> stream\nendstream');
    assert.equal(readX(file).x, '<</A 1>>');
  });

  it('whose table is wrong about the index are searched', () => {
    const file = streamFile();
    assert.equal(readX(file).x, '(old)');
    const places = new Map<number, [number, number, number]>([
      [4, [1, 9, 0]],
      [6, [1, file.indexOf('6 0 obj'), 0]],
    ]);
    for (const number of [1, 2, 3, 5]) places.set(number, [2, 6, 77]);
    const start = file.indexOf('7 0 obj');
    const xref = objectBytes(7, xrefStream(places, 8, '/Size 8 /Root 1 0 R'));
    const wrong = Buffer.concat([file.subarray(0, start), xref, bytes(`startxref\n${start}\n%%EOF\n`)]);
    assert.deepEqual(readX(wrong), { x: '(old)', warnings: [] });
  });
});

describe('streams', () => {
  const WRONG = 'The length of a stream was wrong and was found again.';
  const withStream = (text: string): Buffer => {
    const file = buildPdf({ ...objects, 4: '', 5: '5' }).toString('latin1');
    return edit(bytes(file.replace('4 0 obj\n\nendobj\n', `4 0 obj\n${text}\n`)), /startxref\n\d+/, '');
  };
  const cases: readonly [title: string, text: string, data: string, isWrong: boolean][] = [
    ['right', '<< /Length 5 >>\nstream\nhello\nendstream\nendobj', 'hello', false],
    ['right, with CR LF', '<< /Length 5 >>\r\nstream\r\nhello\r\nendstream\r\nendobj', 'hello', false],
    ['right, no line end before endstream', '<< /Length 5 >>stream\nhelloendstream endobj', 'hello', false],
    ['in another object', '<< /Length 5 0 R >>\nstream\nhello\nendstream\nendobj', 'hello', false],
    ['too short', '<< /Length 2 >>\nstream\nhello\nendstream\nendobj', 'hello', true],
    ['too long', '<< /Length 9999 >>\nstream\nhello\nendstream\nendobj', 'hello', true],
    ['missing', '<< /X 1 >>\nstream\nhello\nendstream\nendobj', 'hello', true],
    ['negative', '<< /Length -5 >>\nstream\nhello\nendstream\nendobj', 'hello', true],
    ['itself', '<< /Length 4 0 R >>\nstream\nhello\nendstream\nendobj', 'hello', true],
    ['nowhere', '<< /Length 77 0 R >>\nstream\nhello\nendstream\nendobj', 'hello', true],
    ['right, no endstream', '<< /Length 5 >>\nstream\nhello\nendobj', 'hello', false],
    ['wrong, no endstream', '<< /Length 3 >>\nstream\nhello\nendobj', 'hello', true],
    ['right, no endobj', '<< /Length 5 >>\nstream\nhello\nendstream', 'hello', false],
    [
      'right, data with an endstream inside',
      '<< /Length 21 >>\nstream\nhello endstream there\nendstream\nendobj',
      'hello endstream there',
      false,
    ],
  ];
  for (const [title, text, data, isWrong] of cases)
    it(`are copied whole though their length is ${title}`, () => {
      const merged = mergeAndInspect([withStream(text)]);
      assert.deepEqual(contents(merged), [data]);
      assert.equal(merged.result.warnings.includes(WRONG), isWrong);
    });

  it('without an end do not swallow the objects after them, neither when copied nor when the table is rebuilt', () => {
    const file = withStream('<< /Length 9999 >>\nstream\nhello\nendstr\nendobj');
    const merged = mergeAndInspect([file]);
    assert.deepEqual(contents(merged), ['hello\nendstr']);
    assert.ok(
      [...merged.objects.values()].some(({ text }) => text === '5'),
      'the object after it is there',
    );
  });

  it('end with the file at the latest', () => {
    const file = withStream('<< /Length 99 >>\nstream\nhello');
    const merged = mergeAndInspect([file.subarray(0, file.indexOf('hello') + 5)]);
    assert.deepEqual(contents(merged), ['hello']);
  });

  it('are not decoded: a bomb is copied as it is', () => {
    const bomb = deflateSync(Buffer.alloc(50_000_000));
    const file = buildPdf({ ...objects, 4: { dictionary: '/Filter /FlateDecode', data: bomb } });
    assert.equal(codeOf(file, { decodedBytesMax: 1000 }), 'none');
  });
});

describe('limits', () => {
  it('hold for object numbers: a table that claims more is rebuilt', () => {
    assert.deepEqual(info(bytesSource(pagesPdf(5)), { limits: { objectsMax: 18 } }).warnings.slice(0, 1), [
      REBUILT,
    ]);
    assert.deepEqual(info(bytesSource(pagesPdf(5)), { limits: { objectsMax: 19 } }).warnings, []);
  });

  /** Objects of which each seems to reach to the end of the file, and a page that refers to all of them. */
  const endless = (count: number, tail: string): Buffer => {
    let text = '%PDF-1.7\n';
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    for (const number of numbers)
      text += `${number} 0 obj\n<< /Length 1 >>\nstream\n${'x'.repeat(300)}${tail}\n`;
    text +=
      '9000 0 obj << /Type /Catalog /Pages 9001 0 R >> endobj 9001 0 obj << /Kids [9002 0 R] >> endobj\n';
    return bytes(`${text}9002 0 obj << /Type /Page /X [${numbers.join(' 0 R ')} 0 R] >> endobj\n`);
  };

  it('are not needed where streams have no end: the next object ends them', () => {
    const merged = mergeAndInspect([endless(2000, '')]);
    const lengths = [...merged.objects.values()].flatMap(({ data }) =>
      data === undefined ? [] : [data.length],
    );
    assert.deepEqual(
      lengths,
      Array.from({ length: 2000 }, () => 300),
    );
  });

  it('hold for work: what the file asks for is bounded by its size', () => {
    const same = `<< /Type /Page /MediaBox [0 0 9 9] /X (${'x'.repeat(10_000)}) >>`;
    const file = buildPdf({ ...objects, 2: `<< /Kids [${'3 0 R '.repeat(8000)}] >>`, 3: same });
    assert.equal(codeOf(file, { workFactorMax: 2 }), 'limit');
    assert.equal(codeOf(file, { workFactorMax: 5000 }), 'none');
  });

  it('hold for the size of one object', () => {
    const file = buildPdf({ ...objects, 5: `(${'x'.repeat(9_000_000)})` });
    const chunked = { ...bytesSource(file), bytes: undefined };
    const run = (objectBytesMax: number): unknown =>
      merge([{ source: chunked }], memorySink(), { limits: { objectBytesMax } });
    assert.throws(
      () => run(100_000),
      (error) => error instanceof PdfError && error.code === 'limit',
    );
    assert.doesNotThrow(() => run(20_000_000));
  });
});
