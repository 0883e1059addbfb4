import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { Engine } from '../../src/engines/engine.ts';
import { Failure } from '../../src/errors.ts';
import { tokenOf } from '../../src/links/links.ts';
import type { Job } from '../../src/jobs/job.ts';
import { field, type RawValue } from '../../src/operations/fields.ts';
import { defineOperation, type Operation } from '../../src/operations/operation.ts';
import { pipelineOf } from '../../src/operations/pipeline.ts';
import { BoxDied } from '../../src/sandbox/sandbox.ts';
import { open, temporaryDirectory } from '../database/harness.ts';
import { startWorld, type World, write } from './harness.ts';

const words = { group: '', title: '', about: '', makes: 'txt', examples: [] };
/** Joins files with a word between them. */
const join = defineOperation({
  ...words,
  path: '/join',
  fields: { url: field.sources(''), word: field.text('') },
  run: async ({ url, word }, { fetch, engine }) =>
    engine('pdf.merge', {
      documents: [...(await Promise.all(url.map(fetch))), named(word)],
      outlines: 'join',
    }),
});
/** Puts a word after a file. */
const mark = defineOperation({
  ...words,
  path: '/mark',
  fields: { url: field.source(''), word: field.text('') },
  run: async ({ url, word }, { fetch, engine }) =>
    engine('pdf.merge', { documents: [await fetch(url), named(word)], outlines: 'by-document' }),
});
/** Makes a file of each letter. */
const cut = defineOperation({
  ...words,
  path: '/cut',
  answers: 'urls',
  fields: { url: field.source('') },
  run: async ({ url }, { fetch, engine, stem }) =>
    engine('pdf.split', { document: await fetch(url), pages: '*', stem }),
});
/** Tells the text. */
const tell = defineOperation({
  ...words,
  path: '/tell',
  makes: 'json',
  answers: { member: 'text' },
  fields: { url: field.source('') },
  run: async ({ url }, { fetch }) => ({
    body: await readFile((await fetch(url)).path, 'utf8'),
    pageCount: 1,
  }),
});
const single = new Map<string, Operation>([join, mark, cut, tell].map((one) => [one.path, one]));
const pipeline = pipelineOf(single);

function named(name: string) {
  return { name, path: '', sizeBytes: 0 };
}

describe('a pipeline', () => {
  const directory = temporaryDirectory();
  let database: Awaited<ReturnType<typeof open>>;
  let world: World;
  /** What each run of the engine saw: the word, the password, and what lay in the directory of the job. */
  let seen: { word: string; password: string; beside: string[] }[] = [];
  let deaths = 0;
  const engine: Engine = {
    name: 'test',
    probe: async () => ({ ready: true, says: '' }),
    abilities: {
      async 'pdf.split'({ document, stem }, context) {
        const letters = [...(await readFile(document.path, 'utf8'))].filter((letter) => letter !== ' ');
        const files = letters.map(async (letter, index) => {
          const path = `${context.directory}/letter-${index}`;
          await writeFile(path, letter);
          return { path, name: `${stem}_${index + 1}.txt`, sizeBytes: 1 };
        });
        return { files: await Promise.all(files), pageCount: letters.length, warnings: [] };
      },
      async 'pdf.merge'({ documents, outlines }, context) {
        const word = documents.at(-1)?.name ?? '';
        const texts = await Promise.all(documents.slice(0, -1).map(({ path }) => readFile(path, 'utf8')));
        const beside = await readdir(dirname(context.directory));
        seen.push({ word, password: context.password, beside: beside.toSorted() });
        if (word === 'refuse') throw new Failure('passwordWrong');
        if (word === 'mistake') throw new TypeError('a bug');
        if (word === 'hang') await new Promise(() => {});
        if (word === 'die' || (word === 'die once' && deaths++ === 0)) throw new BoxDied('crash', 'died');
        const text = outlines === 'join' ? texts.join(word) : `${texts[0]}${word}`;
        const path = await write(context, text);
        return {
          file: { path, name: 'result.txt', sizeBytes: text.length },
          pageCount: text.length,
          warnings: [word],
        };
      },
    },
  };
  before(async () => {
    database = await open(directory);
    world = await startWorld(
      database,
      directory,
      {},
      {
        operations: new Map([...single, [pipeline.path, pipeline]]),
        engines: [engine],
        // What hangs takes all of it; what is large must not come near.
        wallMsMax: 10_000,
      },
    );
  });
  after(async () => {
    await world.jobs.stop(0);
    await database.close();
  });
  beforeEach(() => {
    seen = [];
    deaths = 0;
  });

  const upload = async (text: string): Promise<string> => {
    async function* bytes() {
      yield Buffer.from(text);
    }
    const link = await world.jobs.files.store({ tenant: 0, minutes: 5, bytesMax: 1_000 }, bytes());
    return `http://octavo.example/files/${world.links.file(link)}/${text}.txt`;
  };
  const run = async (
    steps: readonly object[],
    more: Readonly<Record<string, RawValue>> = {},
  ): Promise<Job> => {
    const call = pipeline.parse(
      new Map<string, RawValue[]>([
        ['steps', [...steps]],
        ...Object.entries(more).map(([name, value]) => [name, [value]] as [string, RawValue[]]),
      ]),
    );
    const accepted = await world.jobs.queue.accept({
      tenant: 0,
      operation: '/pipeline',
      call: { ...call, job: { ...call.job, expiration: 5 } },
      resultName: 'result.txt',
      needs: [],
      base: '',
    });
    return world.end(accepted);
  };

  it('gives each step what the one before made, and answers with the last', async () => {
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(upload));
    const job = await run([
      { operation: 'join', url: [a, b], word: '+' },
      { operation: 'mark', word: '!' },
      { operation: 'join', url: [c, 'result', 'result'], word: '-' },
    ]);
    assert.equal(job.status, 'success', job.failure?.message);
    assert.equal(await world.read(job), 'c-a+b!-a+b!');
    assert.equal(job.outcome?.pageCount, 11);
    assert.deepEqual(job.outcome?.warnings, ['Step 1 (join): +', 'Step 2 (mark): !', 'Step 3 (join): -']);
    assert.equal(job.credits, 1);
  });

  /** What the files of a result are called, and what is in them. */
  const filesOf = async (job: Job): Promise<string[]> => {
    const urls = JSON.parse(await world.read(job)) as string[];
    const texts = urls.map(async (url) => {
      const link = world.links.read(tokenOf(url) ?? '') ?? assert.fail();
      const file = (await world.jobs.files.find(link)) ?? assert.fail();
      const bytes = await world.storage.read(file.key);
      return `${url.split('/').at(-1)} ${(await bytes?.toArray())?.join('')}`;
    });
    return Promise.all(texts);
  };

  it('runs what takes one file for each of several, and gives all of them to what takes several', async () => {
    const cutAndMarked = [
      { operation: 'cut', url: await upload('abc') },
      { operation: 'mark', word: '!' },
    ];
    const job = await run(cutAndMarked);
    assert.deepEqual(await filesOf(job), ['result_1.txt a!', 'result_2.txt b!', 'result_3.txt c!']);
    assert.deepEqual([job.outcome?.parts, job.outcome?.pageCount], [3, 6]);
    const joined = await run([...cutAndMarked, { operation: 'join', word: '-', url: 'result,result' }]);
    assert.equal(await world.read(joined), 'a!-b!-c!-a!-b!-c!');
    const again = await run([...cutAndMarked, { operation: 'cut' }]);
    assert.deepEqual(await filesOf(again), [
      'result_1_1.txt a',
      'result_1_2.txt !',
      'result_2_1.txt b',
      'result_2_2.txt !',
      'result_3_1.txt c',
      'result_3_2.txt !',
    ]);
  });

  it('ends with a value, or with one for each file', async () => {
    const one = await run([{ operation: 'mark', url: await upload('a'), word: '!' }, { operation: 'tell' }]);
    assert.equal(await world.read(one), '"a!"');
    const many = await run([{ operation: 'cut', url: await upload('abc') }, { operation: 'tell' }]);
    assert.equal(await world.read(many), '["a","b","c"]');
    // A list also where it is a list of one.
    const listed = await run([{ operation: 'cut', url: await upload('a') }, { operation: 'tell' }]);
    assert.equal(await world.read(listed), '["a"]');
  });

  it('says where no file is left', async () => {
    const none = { operation: 'cut', url: await upload(' ') };
    assert.deepEqual(await filesOf(await run([none, { operation: 'mark' }])), []);
    const { failure } = await run([none, { operation: 'join' }]);
    assert.equal(
      failure?.message,
      'Step 2 (join): The field "url" is not valid: at least one file, but the step before gives none.',
    );
  });

  it('bounds the files of a step', async () => {
    const [many, some] = [await upload('a'.repeat(700)), await upload('a'.repeat(250))];
    const { failure } = await run([
      { operation: 'cut', url: many },
      { operation: 'join', url: 'result,result,result' },
    ]);
    assert.match(failure?.message ?? '', /^Step 2 \(join\): The document passes a limit .* 2000 files/);
    const { failure: each } = await run([
      { operation: 'cut', url: many },
      { operation: 'mark', word: '!!' },
      { operation: 'cut' },
    ]);
    assert.match(each?.message ?? '', /^Step 3 \(cut\), file 667: .* 2000 files/);
    const { outcome } = await run([
      { operation: 'cut', url: some },
      { operation: 'mark', word: '!' },
    ]);
    assert.deepEqual([outcome?.parts, outcome?.warnings.length], [250, 200]);
  });

  it('names the file that a step fails for', async () => {
    const { failure } = await run([
      { operation: 'cut', url: await upload('abc') },
      { operation: 'mark', word: 'refuse' },
    ]);
    assert.match(failure?.message ?? '', /^Step 2 \(mark\), file 1: The document is protected/);
  });

  it('gives each step its password', async () => {
    const url = await upload('a');
    await run(
      [
        { operation: 'mark', url, word: '1', password: 'own' },
        { operation: 'mark', word: '2' },
      ],
      { password: 'of the pipeline' },
    );
    assert.deepEqual(
      seen.map(({ word, password }) => [word, password]),
      [
        ['1', 'own'],
        ['2', 'of the pipeline'],
      ],
    );
  });

  it('keeps the files of two steps at most', async () => {
    const url = await upload('a');
    const job = await run(
      ['1', '2', '3', '4'].map((word, index) => ({ operation: 'mark', word, ...(index === 0 && { url }) })),
    );
    assert.equal(await world.read(job), 'a1234');
    assert.deepEqual(
      seen.map(({ beside }) => beside.join(' ')),
      ['step-1', 'step-1 step-2', 'step-2 step-3', 'step-3 step-4'],
    );
  });

  const endings = {
    refuse: [441, 'The document is protected, and the password is missing or wrong.'],
    mistake: [500, /^The server made a mistake/],
    die: [500, /^The document could not be processed: its process ended 3 times/],
    hang: [445, /^The job was ended after 10 s/],
  } as const;
  for (const [word, [status, message]] of Object.entries(endings)) {
    it(`names the step that fails: ${word}`, async () => {
      const url = await upload('a');
      const { failure } = await run([
        { operation: 'mark', url, word: '!' },
        { operation: 'mark', word },
        { operation: 'mark', word: 'never' },
      ]);
      assert.equal(failure?.status, status);
      assert.ok(failure?.message.startsWith('Step 2 (mark): '), failure?.message);
      assert.match(failure?.message.slice('Step 2 (mark): '.length) ?? '', new RegExp(message));
      assert.ok(seen.every((one) => one.word !== 'never'));
    });
  }

  it('names the step whose source cannot be had', async () => {
    const { failure } = await run([
      { operation: 'mark', url: await upload('a') },
      { operation: 'join', url: 'result,http://elsewhere.example/files/nonsense/a.txt' },
    ]);
    assert.match(failure?.message ?? '', /^Step 2 \(join\): /);
  });

  it('begins anew where a box died, and does nothing twice', async () => {
    const job = await run([
      { operation: 'mark', url: await upload('a'), word: '!' },
      { operation: 'mark', word: 'die once' },
    ]);
    assert.equal(await world.read(job), 'a!die once');
    assert.equal(deaths, 2);
    assert.deepEqual(job.outcome?.warnings, ['Step 1 (mark): !', 'Step 2 (mark): die once']);
  });
});
