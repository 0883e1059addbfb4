import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure, type FailureName } from '../../src/errors.ts';
import {
  field,
  type RawFields,
  type RawValue,
  readField,
  UploadedPart,
} from '../../src/operations/fields.ts';
import { jobFields } from '../../src/operations/job-fields.ts';
import { resultName } from '../../src/operations/operation.ts';
import merge from '../../src/operations/pdf/merge.ts';

const raw = (fields: Readonly<Record<string, RawValue[]>>): RawFields => new Map(Object.entries(fields));
const fails = (row: FailureName, says: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Failure);
  assert.equal(error.row, row);
  assert.match(error.message, says);
  return true;
};

describe('sources', () => {
  const url = field.sources('');
  const cases: readonly (readonly [title: string, RawFields, unknown])[] = [
    ['a comma list', raw({ url: ['http://a/1.pdf,http://a/2.pdf'] }), ['http://a/1.pdf', 'http://a/2.pdf']],
    ['blanks and empty items', raw({ url: [' http://a/1.pdf , ,'] }), ['http://a/1.pdf']],
    [
      'a JSON list',
      raw({ url: [['http://a/1.pdf', 'http://a/2.pdf,http://a/3.pdf']] }),
      ['http://a/1.pdf', 'http://a/2.pdf', 'http://a/3.pdf'],
    ],
    [
      'a repeated field',
      raw({ url: ['http://a/1.pdf', 'http://a/2.pdf'] }),
      ['http://a/1.pdf', 'http://a/2.pdf'],
    ],
    ['a link under the name file', raw({ file: ['http://a/1.pdf'] }), ['http://a/1.pdf']],
    ['the prefix cache:', raw({ url: ['cache:http://a/1.pdf'] }), ['http://a/1.pdf']],
  ];
  for (const [title, fields, links] of cases) {
    it(`take ${title}`, () => {
      assert.deepEqual(
        readField('url', url, fields).map((source) => source.kind === 'link' && source.link),
        links,
      );
    });
  }

  it('take file parts in their order', () => {
    const parts = [new UploadedPart('t1', 'a.pdf'), new UploadedPart('t2', 'b.pdf')];
    assert.deepEqual(readField('url', url, raw({ file: parts })), [
      { kind: 'part', token: 't1', name: 'a.pdf' },
      { kind: 'part', token: 't2', name: 'b.pdf' },
    ]);
  });

  it('are bounded, whatever stands between them', () => {
    const text = `${' ,'.repeat(3_000)}http://a/1.pdf`;
    assert.equal(readField('url', url, raw({ url: [text] })).length, 1);
    assert.throws(
      () => readField('url', url, raw({ url: [','.repeat(10_000_000)] })),
      fails('fieldInvalid', /"url"/),
    );
  });

  it('name the field and the valid values when there is none', () => {
    assert.throws(() => readField('url', url, raw({})), fails('fieldMissing', /"url".*links/));
    assert.throws(() => readField('url', url, raw({ url: [' , '] })), fails('fieldInvalid', /"url".*links/));
    assert.throws(
      () => readField('url', url, raw({ url: [{ toString: 'x' }] })),
      fails('fieldInvalid', /"url"/),
    );
  });
});

describe('booleans', () => {
  const flag = field.boolean('', false);
  const cases: readonly (readonly [RawValue, boolean])[] = [
    ['True', true],
    ['TRUE', true],
    ['true', true],
    [' true ', true],
    [true, true],
    [1, true],
    ['1', true],
    ['False', false],
    [false, false],
    [0, false],
    ['0', false],
  ];
  for (const [value, expected] of cases) {
    it(`read ${JSON.stringify(value)} as ${expected}`, () => {
      assert.equal(readField('async', flag, raw({ async: [value] })), expected);
    });
  }
  it('take the default when absent, and refuse other words', () => {
    assert.equal(readField('async', flag, raw({})), false);
    assert.throws(
      () => readField('async', flag, raw({ async: ['maybe'] })),
      fails('fieldInvalid', /"async".*true or false/),
    );
  });
});

describe('job fields', () => {
  it('take the last of repeated values', () => {
    assert.equal(readField('name', jobFields.name, raw({ name: ['a.pdf', 'b.pdf'] })), 'b.pdf');
  });
  it('read numbers given as text', () => {
    assert.equal(readField('expiration', jobFields.expiration, raw({ expiration: ['120'] })), 120);
    assert.equal(readField('expiration', jobFields.expiration, raw({})), 0);
    assert.equal(readField('expiration', jobFields.expiration, raw({ expiration: ['0'] })), 0);
    for (const value of ['-1', '1.5', 'soon', '99999999']) {
      assert.throws(
        () => readField('expiration', jobFields.expiration, raw({ expiration: [value] })),
        fails('fieldInvalid', /from 0 to/),
      );
    }
  });
  it('take a number where text is meant', () => {
    assert.equal(readField('password', jobFields.password, raw({ password: [1234] })), '1234');
  });
});

describe('choices', () => {
  const choice = field.choice('', ['join', 'by-document'], 'join');
  const read = (value: RawValue) => readField('outlines', choice, raw({ outlines: [value] }));
  it('are read in any letter case, and have one that is taken when absent', () => {
    assert.equal(read(' By-Document'), 'by-document');
    assert.equal(readField('outlines', choice, raw({})), 'join');
  });
  it('name the valid words when there is another', () => {
    assert.throws(() => read('both'), fails('fieldInvalid', /"outlines".*join, by-document/));
  });
});

describe('numbers', () => {
  const ratio = field.number('', { min: 0, max: 10, absent: 1 });
  const columns = field.numbers('', { expected: 'three numbers', max: 3 });
  it('have decimals, also as text', () => {
    for (const value of [1.2, '1.2', ' 1.20 '])
      assert.equal(readField('ratio', ratio, raw({ ratio: [value] })), 1.2);
    assert.equal(readField('ratio', ratio, raw({})), 1);
    for (const value of ['1,2', '11', true, [], 'NaN', ' '])
      assert.throws(
        () => readField('ratio', ratio, raw({ ratio: [value] })),
        fails('fieldInvalid', /0 to 10/),
      );
  });
  it('are a list in the order in which they come', () => {
    for (const values of [[[150, 0, '50.5']], [150, '0', 50.5], ['150, 0,50.5'], ['[ 150, 0, 50.5 ]']])
      assert.deepEqual(readField('columns', columns, raw({ columns: values })), [150, 0, 50.5]);
    assert.deepEqual(readField('columns', columns, raw({})), []);
    for (const values of [['1,2,3,4'], [true], ['left'], [{}]])
      assert.throws(
        () => readField('columns', columns, raw({ columns: values })),
        fails('fieldInvalid', /three numbers/),
      );
  });
  it('are undefined where nothing is given and nothing stands for that', () => {
    assert.equal(readField('ratio', field.optional(ratio), raw({})), undefined);
    assert.equal(readField('ratio', field.optional(ratio), raw({ ratio: ['2'] })), 2);
    assert.throws(
      () => readField('ratio', field.optional(ratio), raw({ ratio: ['x'] })),
      fails('fieldInvalid', /0 to 10/),
    );
  });
});

describe('pages', () => {
  const some = field.pages('', { first: 0 });
  const needed = field.pages('', { first: 1, each: true, required: true });
  const cases: readonly (readonly [RawValue[], string])[] = [
    [['1-2,3-'], '1-2,3-'],
    [[' 0 - , !0'], ' 0 - , !0'],
    [[0], '0'],
    [[1, 2, '4-5'], '1,2,4-5'],
    [[[1, 2, '4-5']], '1,2,4-5'],
    [['[1, 2, "4-5"]'], '1, 2, 4-5'],
    [["['0-2', '!0']"], '0-2, !0'],
    [['1', '3'], '1,3'],
    [['[]'], ''],
    [[], ''],
  ];
  for (const [values, text] of cases)
    it(`read ${JSON.stringify(values)}`, () => {
      assert.equal(readField('pages', some, raw({ pages: values })), text);
    });
  it('are refused where an item is no range', () => {
    for (const values of [[-1], [1.5], ['a'], [true], [{}], ['1,,2'], ['[1'], [[[1]]], ['*']])
      assert.throws(
        () => readField('pages', some, raw({ pages: values as RawValue[] })),
        fails('pagesInvalid', /pages from 0 on/),
      );
  });
  it('are refused where there have to be some', () => {
    assert.equal(readField('pages', needed, raw({ pages: ['*'] })), '*');
    assert.throws(
      () => readField('pages', needed, raw({ pages: ['[]'] })),
      fails('pagesInvalid', /from 1 on/),
    );
    assert.throws(() => readField('pages', needed, raw({})), fails('fieldMissing', /"pages"/));
  });
});

describe('an operation', () => {
  it('keeps its own fields apart from those of the job', () => {
    const call = merge.parse(raw({ url: ['http://a/1.pdf'], async: ['True'], name: ['r'], unknown: ['x'] }));
    assert.deepEqual(call.own, { url: [{ kind: 'link', link: 'http://a/1.pdf' }], outlines: 'join' });
    assert.equal(call.job.async, true);
    assert.deepEqual(merge.sources(call), [{ source: { kind: 'link', link: 'http://a/1.pdf' } }]);
    assert.deepEqual(JSON.parse(JSON.stringify(call)), call);
  });
});

describe('names of results', () => {
  const cases: readonly (readonly [asked: string, name: string])[] = [
    ['result.pdf', 'result.pdf'],
    ['Result.PDF', 'Result.PDF'],
    ['f1040-filled', 'f1040-filled.pdf'],
    ['.\\result.pdf', 'result.pdf'],
    ['/tmp/result', 'result.pdf'],
    ['', 'result.pdf'],
    ['..', 'result.pdf'],
    ['result.tifpassword=', 'result.tifpassword=.pdf'],
  ];
  for (const [asked, name] of cases) {
    it(`make ${name} of "${asked}"`, () => assert.equal(resultName(merge, asked), name));
  }
});
