import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure } from '../../src/errors.ts';
import { field, type RawValue } from '../../src/operations/fields.ts';
import { defineOperation } from '../../src/operations/operation.ts';
import { profileKeysMax, profileTextMax } from '../../src/operations/profile-keys.ts';

const operation = defineOperation({
  path: '/test',
  group: 'Test',
  title: '',
  about: '',
  makes: 'pdf',
  fields: { url: field.source(''), pages: field.pages('', { first: 0 }) },
  profiles: {
    FastMode: field.boolean('', false),
    JPEGQuality: field.integer('', { min: 1, max: 100, absent: 85 }),
    OCRMode: field.choice('', ['Off', 'Auto'], 'Off'),
    CSVQuotationSymbol: { ...field.text(''), alsoNamed: ['CSVQuotaionSymbol'] },
    CustomExtractionColumns: field.numbers('', { expected: 'numbers', max: 10 }),
    'Options.QRErrorCorrectionLevel': field.optional(field.choice('', ['Low', 'Quarter'], 'Low')),
    'OCRImagePreprocessingFilters.AddGrayscale()': field.optional(
      field.numbers('', { expected: 'an empty list', max: 0 }),
    ),
    'OCRImagePreprocessingFilters.AddGammaCorrection()': field.optional(
      field.numbers('', { expected: 'one number', max: 1 }),
    ),
  },
  examples: [],
  run: () => Promise.reject(new Error('never run')),
});

type Fields = Readonly<Record<string, RawValue[]>>;

function parse(fields: Fields) {
  return operation.parse(new Map(Object.entries({ url: ['http://a/1.pdf'], ...fields })));
}

/** Of the keys, those that are given. */
function given(...profiles: RawValue[]): unknown {
  const values = Object.entries((parse({ profiles }).own as { profiles: object }).profiles);
  const absent = (parse({}).own as { profiles: Record<string, unknown> }).profiles;
  return Object.fromEntries(
    values.filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(absent[name])),
  );
}

function refuses(profiles: RawValue, says: RegExp): void {
  assert.throws(
    () => parse({ profiles: [profiles] }),
    (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.status, 444);
      assert.match(error.message, says);
      return true;
    },
  );
}

const wrapped = { profiles: [{ profile1: { FastMode: true } }] };

describe('profiles', () => {
  const spellings: readonly (readonly [title: string, value: RawValue, keys: object])[] = [
    [
      'wrapped, single quotes',
      "{ 'profiles': [ { 'profile1': { 'FastMode': true } } ] }",
      { FastMode: true },
    ],
    [
      'wrapped, double quotes',
      '{ "profiles": [ { "profile1": { "JPEGQuality": 1 } } ] }',
      { JPEGQuality: 1 },
    ],
    [
      'a file of many lines with a byte order mark',
      '\uFEFF{\r\n  "profiles": [\r\n    {\r\n      "profile1": {\r\n        "FastMode": "True"\r\n      }\r\n    }\r\n  ]\r\n}',
      { FastMode: true },
    ],
    [
      'flat, single quotes',
      "{ 'OCRMode': 'auto', 'JPEGQuality': '25' }",
      { OCRMode: 'Auto', JPEGQuality: 25 },
    ],
    ['flat, double quotes', '{"ocrMode": "AUTO" }', { OCRMode: 'Auto' }],
    ['keys without quotes', '{FastMode: true}', { FastMode: true }],
    ['no braces', "'FastMode': 'True' , 'JPEGQuality': 25", { FastMode: true, JPEGQuality: 25 }],
    [
      'no braces nor quotes',
      'FastMode: true, // why\n JPEGQuality: 25 // how',
      { FastMode: true, JPEGQuality: 25 },
    ],
    [
      'a named set without braces',
      '"profiles": [ { "profile1": { "FastMode": true } } ]',
      { FastMode: true },
    ],
    ['an object', wrapped, { FastMode: true }],
    ['a flat object', { jpegquality: 25 }, { JPEGQuality: 25 }],
    ['empty text', '', {}],
    ['an empty object', '{}', {}],
    [
      'comments and commas at the end',
      `{ "JPEGQuality": 2, // Scan's interval, don't ask\n /* "why" */ "FastMode": true, // ...\n }`,
      { JPEGQuality: 2, FastMode: true },
    ],
    ['a comment before it', '// my profile\n{ "FastMode": true }', { FastMode: true }],
    [
      'percent-encoded',
      encodeURIComponent("{ 'profiles': [ { 'profile1': { 'FastMode': true } } ] }"),
      { FastMode: true },
    ],
    [
      'encoded as a form',
      '%7B+%22profiles%22%3A+%5B+%7B+%22profile1%22%3A+%7B+%22FastMode%22%3A+true+%7D+%7D+%5D+%7D',
      { FastMode: true },
    ],
    ['JSON in a text', JSON.stringify(JSON.stringify(wrapped)), { FastMode: true }],
    [
      'a wrapper with text in it',
      { profiles: JSON.stringify([{ a: { FastMode: true } }]) },
      { FastMode: true },
    ],
    ['sets in an object', '{profiles: {first: {FastMode: true}}}', { FastMode: true }],
    [
      'a list of sets',
      '[{any: {FastMode: true}}, {other: {JPEGQuality: 5}}]',
      { FastMode: true, JPEGQuality: 5 },
    ],
    [
      'several sets, of which the later wins',
      '{profiles: [{a: {JPEGQuality: 5, FastMode: true}}, {b: {jpegQuality: 6}, c: {OCRMode: "Auto"}}]}',
      { JPEGQuality: 6, FastMode: true, OCRMode: 'Auto' },
    ],
    [
      'keys beside the sets',
      '{profiles: [{a: {FastMode: true}}], JPEGQuality: 5}',
      { FastMode: true, JPEGQuality: 5 },
    ],
    ['a set without its wrapper', '{profile1: {FastMode: true}}', { FastMode: true }],
    ['another name of a key', `{'CSVQuotaionSymbol': "'"}`, { CSVQuotationSymbol: "'" }],
    [
      'a list of numbers',
      '{ "CustomExtractionColumns": [ 0, 50, 150.5 ] }',
      { CustomExtractionColumns: [0, 50, 150.5] },
    ],
    [
      'a dotted key',
      "{'Options.QRErrorCorrectionLevel': 'Quarter'}",
      { 'Options.QRErrorCorrectionLevel': 'Quarter' },
    ],
    [
      'the same as an object',
      "{'Options': {'QRErrorCorrectionLevel': 'Quarter'}}",
      { 'Options.QRErrorCorrectionLevel': 'Quarter' },
    ],
    [
      'methods with arguments',
      '{"OCRImagePreprocessingFilters.AddGrayscale()": [], "OCRImagePreprocessingFilters.AddGammaCorrection()": [1.4]}',
      {
        'OCRImagePreprocessingFilters.AddGrayscale()': [],
        'OCRImagePreprocessingFilters.AddGammaCorrection()': [1.4],
      },
    ],
    ['empty texts and null', "{'JPEGQuality': '', 'FastMode': null, 'OCRMode': ''}", {}],
  ];
  for (const [title, value, keys] of spellings)
    it(`are read: ${title}`, () => assert.deepEqual(given(value), keys));

  it('of several fields are one', () => {
    assert.deepEqual(given('{FastMode: true, JPEGQuality: 1}', { JPEGQuality: 2 }), {
      FastMode: true,
      JPEGQuality: 2,
    });
  });

  it('warn of keys that are not known, and go on', () => {
    const { own, warnings } = parse({
      profiles: ["{ 'TextFromImages': '|', 'a': {'b': 1}, JPEGQuality: 7 }"],
    });
    assert.deepEqual(warnings, [
      'profiles: TextFromImages is not known here.',
      'profiles: a.b is not known here.',
    ]);
    assert.equal((own as { profiles: { JPEGQuality: number } }).profiles.JPEGQuality, 7);
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`key${index}`, 1]));
    assert.equal(parse({ profiles: [many] }).warnings?.length, 20);
    assert.deepEqual(parse({ profiles: [{ ['x'.repeat(500)]: 1 }] }).warnings, [
      `profiles: ${'x'.repeat(80)} is not known here.`,
    ]);
  });

  it('name the key and its values where one does not fit', () => {
    refuses('{jpegQuality: 101}', /profiles\.JPEGQuality must be a whole number from 1 to 100/);
    refuses('{FastMode: "perhaps"}', /profiles\.FastMode must be true or false/);
    refuses({ ocrmode: ['x'] }, /profiles\.OCRMode must be one of Off, Auto/);
    refuses(
      '{"CSVQuotaionSymbol": {"a": 1}, "CSVQuotationSymbol": [1]}',
      /profiles\.CSVQuotationSymbol must be text/,
    );
  });

  it('are refused where they are no object', () => {
    for (const value of ['{', 'text', '[1]', '5', 'true', '%7B', JSON.stringify('x'), '"{"'])
      refuses(value, /JSON object/);
  });

  it('have limits', () => {
    refuses(`{"a": "${'x'.repeat(profileTextMax)}"}`, /JSON object/);
    refuses(
      Object.fromEntries(Array.from({ length: profileKeysMax + 1 }, (_, index) => [`k${index}`, 1])),
      /1000 keys/,
    );
    refuses(`{'a': [${'1,'.repeat(30_000)}]}`, /JSON object/);
    const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
    assert.throws(() => parse({ profiles: [deep] }), /levels of brackets/);
  });

  it('change nothing of other objects', () => {
    const { own } = parse({
      profiles: ['{"__proto__": {"FastMode": true}, "constructor": {"prototype": {"x": 1}}}'],
    });
    assert.equal((own as { profiles: { FastMode: boolean } }).profiles.FastMode, false);
    assert.equal(({} as { x?: number }).x, undefined);
  });
});

describe('keys of encryption', () => {
  const key = 'HelloThisKey1234';
  const iv = '0mDI&qLv*ivTCd$*';

  it('are settings of the job, in any letter case', () => {
    const { job, warnings } = parse({
      profiles: [
        { dataDecryptionAlgorithm: 'aes128', DataDecryptionKey: key, datadecryptioniv: iv },
        `{DataEncryptionAlgorithm: 'AES192', DataEncryptionKey: '${key}12345678', DataEncryptionIV: '${iv}'}`,
        "'outputDataFormat': 'BASE64'",
      ],
    });
    assert.deepEqual(job.sealing, {
      decryption: { algorithm: 'AES128', key, iv },
      encryption: { algorithm: 'AES192', key: `${key}12345678`, iv },
      base64: true,
    });
    assert.deepEqual(warnings, []);
    assert.equal(
      'sealing' in parse({ profiles: [{ DataEncryptionKey: '', outputDataFormat: '' }] }).job,
      false,
    );
  });

  const wrong: readonly (readonly [object, RegExp])[] = [
    [
      { DataDecryptionKey: key, DataDecryptionIV: iv },
      /DataDecryptionAlgorithm must be one of AES128, AES192/,
    ],
    [
      { DataDecryptionAlgorithm: 'AES128', DataDecryptionIV: iv },
      /DataDecryptionKey must be text of 16 bytes/,
    ],
    [
      { DataEncryptionAlgorithm: 'AES256', DataEncryptionKey: key, DataEncryptionIV: iv },
      /Key must be text of 32/,
    ],
    [
      { DataEncryptionAlgorithm: 'AES128', DataEncryptionKey: key },
      /DataEncryptionIV must be text of 16 bytes/,
    ],
    [
      { DataEncryptionAlgorithm: 'AES128', DataEncryptionKey: 'ä'.repeat(16), DataEncryptionIV: iv },
      /16 bytes/,
    ],
    [{ DataDecryptionAlgorithm: 'DES' }, /DataDecryptionAlgorithm must be one of/],
    [{ outputDataFormat: 'hex' }, /outputDataFormat must be one of binary, base64/],
  ];
  for (const [profiles, says] of wrong) it(`are refused: ${says.source}`, () => refuses(profiles, says));
});

describe('std_params', () => {
  it('are fields of the request, and win', () => {
    const std = { URL: 'http://b/2.pdf', callback: 'http://c/', async: 'True', name: 'n', pages: '1' };
    for (const value of [
      { std_params: std },
      JSON.stringify({ profiles: [{ p: { std_params: std } }] }),
      { STD_params: JSON.stringify(std) },
    ]) {
      const { own, job, warnings } = parse({
        profiles: [value],
        pages: ['2'],
        name: ['outside'],
        file: ['http://d/'],
      });
      assert.deepEqual(own, {
        ...(parse({}).own as object),
        url: { kind: 'link', link: 'http://b/2.pdf' },
        pages: '1',
      });
      assert.deepEqual([job.callback, job.async, job.name], ['http://c/', true, 'n']);
      assert.deepEqual(warnings, []);
    }
  });

  it('leave what they do not say', () => {
    const { own, job } = parse({
      profiles: ['{std_params: {pages: "", name: null}}'],
      pages: ['2'],
      name: ['outside'],
    });
    assert.equal((own as { pages: string }).pages, '2');
    assert.equal(job.name, 'outside');
  });

  it('are read as fields are', () => {
    assert.throws(
      () => parse({ profiles: ['{std_params: {async: "perhaps"}}'] }),
      (error) => error instanceof Failure && error.row === 'fieldInvalid' && /"async"/.test(error.message),
    );
    refuses('{std_params: 5}', /profiles\.std_params must be a JSON object/);
  });

  it('hold no profiles of their own', () => {
    assert.deepEqual(given({ std_params: { profiles: { FastMode: true } }, JPEGQuality: 3 }), {
      JPEGQuality: 3,
    });
  });
});
