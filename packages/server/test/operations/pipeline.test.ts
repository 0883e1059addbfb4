import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure } from '../../src/errors.ts';
import { field, type RawFields, type RawValue, UploadedPart } from '../../src/operations/fields.ts';
import { defineOperation } from '../../src/operations/operation.ts';
import merge from '../../src/operations/pdf/merge.ts';
import { pipelineOf } from '../../src/operations/pipeline.ts';
import type { Steps } from '../../src/operations/steps.ts';

const words = { group: '', title: '', about: '', examples: [] };
const turn = defineOperation({
  ...words,
  path: '/turn',
  makes: 'txt',
  fields: {
    url: field.source(''),
    angle: { ...field.integer('', { min: 0, max: 3, absent: 0 }), required: true },
  },
  run: async ({ url }, { fetch }) => ({ file: await fetch(url) }),
});
const draw = defineOperation({
  ...words,
  path: '/draw',
  makes: 'svg',
  fields: { text: field.text('') },
  run: () => Promise.reject(new Error('nothing is drawn')),
});
const cut = defineOperation({
  ...words,
  path: '/cut',
  makes: 'txt',
  answers: 'urls',
  fields: { url: field.source('') },
  run: async ({ url }, { fetch }) => ({ files: [await fetch(url)] }),
});
const tell = defineOperation({
  ...words,
  path: '/tell',
  makes: 'json',
  answers: { member: 'text' },
  fields: { url: field.source('') },
  run: async () => ({ body: '' }),
});
const pipeline = pipelineOf(new Map([merge, turn, draw, cut, tell].map((one) => [one.path, one])));

const raw = (fields: Readonly<Record<string, RawValue | readonly RawValue[]>>): RawFields =>
  new Map(Object.entries(fields).map(([name, value]) => [name, [value].flat() as RawValue[]]));
const parse = (steps: RawValue | readonly RawValue[], more: Readonly<Record<string, RawValue>> = {}) => {
  const call = pipeline.parse(raw({ steps, ...more }));
  return { ...call, ...(call.own as Steps) };
};
const url = 'http://a/1.pdf';
const link = (text: string) => ({ kind: 'link' as const, link: text });

describe('steps', () => {
  it('are read by their operations, under whatever name, as a list or as text', () => {
    const steps = [
      { operation: 'pdf/merge', 'URL[]': [url, 'http://a/2.pdf'] },
      { Operation: '/v1/pdf/merge', outlines: 'By-Document' },
      { operation: ' /Turn ', angle: '2' },
    ];
    for (const given of [steps, JSON.stringify(steps), [JSON.stringify(steps)]]) {
      const read = parse(given);
      assert.deepEqual(
        read.steps.map(({ operation, call }) => [operation, call.own]),
        [
          ['/pdf/merge', { url: [link(url), link('http://a/2.pdf')], outlines: 'join' }],
          ['/pdf/merge', { url: [link('result')], outlines: 'by-document' }],
          ['/turn', { url: link('result'), angle: 2 }],
        ],
      );
      assert.deepEqual(read.warnings, []);
      assert.deepEqual(pipeline.shapeOf(read), { makes: 'txt', answers: 'url' });
    }
    assert.equal(parse(`[{operation: 'turn', url: '${url}', angle: 1,}]`).steps.length, 1);
  });

  it('begin with the sources of the pipeline, or with none', () => {
    const part = new UploadedPart('token', 'a.pdf');
    const [step] = parse([{ operation: 'pdf/merge' }], { file: part }).steps;
    assert.deepEqual(step?.call.own, {
      url: [{ kind: 'part', token: 'token', name: 'a.pdf' }],
      outlines: 'join',
    });
    assert.deepEqual(
      parse([{ operation: 'turn', angle: 1 }], { url }).steps.map(({ call }) => call.own),
      [{ url: link(url), angle: 1 }],
    );
    assert.deepEqual(parse([{ operation: 'draw' }]).steps[0]?.call.own, { text: '' });
  });

  it('have passwords of their own, or those of the pipeline, and nothing else of its fields', () => {
    const { job, steps, warnings } = parse(
      [
        { operation: 'pdf/merge', url, password: 'p1', name: 'x', callback: 'http://b/', async: true },
        { operation: 'pdf/merge', httpusername: 'u2' },
        { operation: 'pdf/merge' },
      ],
      { password: 'p', httpusername: 'u', httppassword: 'h', name: 'together', callback: 'http://c/' },
    );
    assert.deepEqual(
      steps.map(({ call }) => [call.job.password, call.job.httpusername, call.job.httppassword]),
      [
        ['p1', 'u', 'h'],
        ['p', 'u2', ''],
        ['p', 'u', 'h'],
      ],
    );
    assert.deepEqual(
      new Set([job, ...steps.map(({ call }) => call.job)].map(({ name }) => name)),
      new Set(['together']),
    );
    assert.ok(steps.every(({ call }) => call.job.callback === 'http://c/' && !call.job.async));
    assert.deepEqual(warnings, ['Step 1 (pdf/merge): only the whole pipeline has async, callback, name.']);
  });

  it('say which sources come from outside, and which step names them', () => {
    const call = pipeline.parse(
      raw({
        steps: [
          { operation: 'pdf/merge', url },
          { operation: 'pdf/merge', url: 'http://a/2.pdf,Result' },
          { operation: 'pdf/merge' },
        ],
      }),
    );
    assert.deepEqual(pipeline.sources(call), [
      { source: link(url), place: 'Step 1 (pdf/merge)' },
      { source: link('http://a/2.pdf'), place: 'Step 2 (pdf/merge)' },
    ]);
  });

  it('answer as the last of them, with several files where it is run for each of several', () => {
    const shapeOf = (...names: string[]) => {
      const { makes, answers } = pipeline.shapeOf(
        parse(
          names.map((operation) => ({ operation, angle: 1 })),
          { url },
        ),
      );
      return [makes, answers];
    };
    assert.deepEqual(shapeOf('pdf/merge'), ['pdf', 'url']);
    assert.deepEqual(shapeOf('cut'), ['txt', 'urls']);
    assert.deepEqual(shapeOf('cut', 'turn', 'turn'), ['txt', 'urls']);
    assert.deepEqual(shapeOf('cut', 'turn', 'pdf/merge'), ['pdf', 'url']);
    assert.deepEqual(shapeOf('cut', 'pdf/merge', 'turn'), ['txt', 'url']);
    assert.deepEqual(shapeOf('cut', 'tell'), ['json', { member: 'text' }]);
  });

  const first = { operation: 'pdf/merge', url };
  const deep = JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`) as object;
  const refused: readonly (readonly [
    title: string,
    steps: RawValue | readonly RawValue[],
    says: RegExp,
    string?,
  ])[] = [
    ['none', [], /"steps" is missing: a JSON list of 1 to 20 objects/],
    ['an empty list', '[]', /"steps" is not valid: a JSON list of 1 to 20 objects/],
    ['no JSON', '[{]', /"steps" is not valid/],
    ['something else', [first, 'pdf/merge'], /"steps" is not valid/],
    ['a list in a list', [[[first]]], /"steps" is not valid/],
    [
      'more sources than a call may name',
      [0, 1].map((n) => ({
        operation: 'pdf/merge',
        url: `${n === 0 ? '' : 'result,'}${`${url},`.repeat(1_001)}`,
      })),
      /"steps" is not valid: steps with at most 2000 sources/,
    ],
    ['too many', Array.from({ length: 21 }, () => first), /1 to 20 objects/],
    ['thousands', JSON.stringify(Array.from({ length: 5_000 }, () => first)), /1 to 20 objects/],
    ['a text that is too long', `[${' '.repeat(1_100_000)}]`, /"steps" is not valid/],
    [
      'no operation',
      [first, {}],
      /^Step 2: The field "operation" is missing: one of pdf\/merge, turn, draw, cut, tell\.$/,
    ],
    [
      'an unknown one',
      [{ operation: 'pdf/burn', url }],
      /^Step 1: .* one of pdf\/merge, turn, draw, cut, tell\.$/,
    ],
    [
      'one that is no text',
      [{ operation: { a: 1 }, url }],
      /^Step 1: .* one of pdf\/merge, turn, draw, cut, tell\.$/,
    ],
    ['a name of every object', [{ operation: 'constructor', url }], /^Step 1: .* one of/],
    [
      'a pipeline',
      [first, { operation: 'pipeline', steps: [first] }],
      /^Step 2: .* one of pdf\/merge, turn, draw, cut, tell\.$/,
    ],
    [
      'a bad field',
      [first, { operation: 'turn', angle: 9 }],
      /^Step 2 \(turn\): The field "angle" .* 0 to 3\.$/,
    ],
    ['a missing field', [first, { operation: 'turn' }], /^Step 2 \(turn\): The field "angle" is missing/],
    ['no sources', [{ operation: 'pdf/merge' }], /^Step 1 \(pdf\/merge\): The field "url" is missing/],
    ['sources twice', [first], /^Step 1 \(pdf\/merge\): .*"url".* once/, url],
    ['sources of the pipeline that nobody takes', [{ operation: 'draw' }], /^Step 1 \(draw\): .*"url"/, url],
    [
      'a result before the first',
      [{ operation: 'pdf/merge', url: 'result' }],
      /^Step 1 .*"url".* no step comes before/,
    ],
    ['a result that is lost', [first, first], /^Step 2 \(pdf\/merge\): The field "url" .* "result"/],
    ['a result that nobody takes', [first, { operation: 'draw' }], /^Step 2 \(draw\): The field "url"/],
    ['too deep a value', [{ ...first, more: [deep] }], /^Step 1: The field "more" .* levels/],
    [
      'a value before the last step',
      [
        { operation: 'tell', url },
        { operation: 'turn', angle: 1 },
      ],
      /^Step 1 \(tell\): The field "operation" .* only the last step/,
    ],
    ['profiles that are none', [{ ...first, profiles: '{' }], /^Step 1 \(pdf\/merge\): The field "profiles"/],
  ];
  for (const [title, steps, says, whole] of refused) {
    it(`refuse ${title}`, () => {
      assert.throws(
        () => parse(steps, whole === undefined ? {} : { url: whole }),
        (error) => error instanceof Failure && says.test(error.message) && error.status < 500,
      );
    });
  }
});
