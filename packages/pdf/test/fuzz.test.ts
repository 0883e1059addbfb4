import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  attachments,
  bytesSource,
  encrypt,
  info,
  memorySink,
  merge,
  optimise,
  PdfError,
  type Sink,
} from '../src/index.ts';
import { pagesPdf } from './builder.ts';
import { document } from './carriers/result.ts';

// Seeded mutations of sound files. `OCTAVO_FUZZ_CASES` and `OCTAVO_FUZZ_SEED` choose how many and which.
const CASES = Number(process.env.OCTAVO_FUZZ_CASES ?? 1500);
const SEED = Number(process.env.OCTAVO_FUZZ_SEED ?? 1);

const seeds: readonly Buffer[] = [
  pagesPdf(3),
  pagesPdf(3, { objectStreamSize: 4 }),
  ...['encrypted-r3', 'encrypted-r6-streams'].map((name) =>
    readFileSync(new URL(`fixtures/${name}.pdf`, import.meta.url)),
  ),
];

/** A file with a bit of all that `info` looks for. */
const facts = document(
  '/Outlines << /First 10 0 R >> /AcroForm << /Fields [12 0 R 15 0 R] >> /Metadata 16 0 R /Lang (en) /AF [18 0 R] ' +
    '/Names << /EmbeddedFiles << /Names [(a) 18 0 R] >> /Dests << /Names [(n) [3 0 R /Fit]] >> >> ' +
    '/PageLabels << /Nums [0 << /S /r >>] >> /OCProperties << /OCGs [20 0 R] /D << /OFF [20 0 R] >> >>',
  '/Annots [13 0 R 14 0 R 15 0 R 21 0 R] /Rotate 90',
  {
    10: '<< /Title (One) /First 11 0 R /Count 1 /Dest (n) >>',
    11: '<< /Title <FEFF0041> /A << /S /GoTo /D [3 0 R /Fit] >> >>',
    12: '<< /T (group) /FT /Btn /Ff 32768 /V /b /Opt [(A) (B)] /Kids [13 0 R 14 0 R] >>',
    13: '<< /Subtype /Widget /Parent 12 0 R /Rect [0 0 9 9] /AP << /N << /a 19 0 R /Off 19 0 R >> >> >>',
    14: '<< /Subtype /Widget /Parent 12 0 R /Rect [9 0 18 9] /AP << /N << /b 19 0 R /Off 19 0 R >> >> /AS /b >>',
    15: '<< /Subtype /Widget /T (s) /FT /Sig /Rect [0 9 9 18] /V << /ByteRange [0 9 18 99] /Contents <00> >> >>',
    16: {
      dictionary: '/Type /Metadata',
      data: '<rdf:RDF><rdf:Description a="b"><x>y</x></rdf:Description></rdf:RDF>',
    },
    18: '<< /F (a.txt) /EF << /F 19 0 R >> /Desc (d) >>',
    19: { dictionary: '/Params << /Size 2 /ModDate (D:2020) >>', data: 'hi' },
    20: '<< /Type /OCG /Name (Layer) >>',
    21: '<< /Subtype /FileAttachment /FS 18 0 R /A << /S /JavaScript /JS (1) >> >>',
  },
);

const TOKENS =
  '<< >> [ ] ( ) < > endobj endstream stream obj xref trailer startxref null -1 --5 1.2.3 0 2147483648 99999999999 /Kids /Length /Type/Page /Type/Pages /Prev # % \\ \0'
    .split(' ')
    .concat(' 1 0 R ', ' 2 0 R ', ' 3 0 obj ');

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function mutate(seed: number, files = seeds): Buffer {
  const next = random(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  let file: Buffer = Buffer.from(files[below(files.length)]!);
  for (let change = below(10); change >= 0; change--) {
    const at = below(file.length);
    const splice = (length: number, insert: Uint8Array): Buffer =>
      Buffer.concat([file.subarray(0, at), insert, file.subarray(at + length)]);
    const kind = below(5);
    if (kind === 0) file[at] = below(256);
    else if (kind === 1) file = splice(below(2) * 4, Buffer.from(TOKENS[below(TOKENS.length)]!, 'latin1'));
    else if (kind === 2) file = splice(below(60), new Uint8Array(0));
    else if (kind === 3) {
      const from = below(file.length);
      file = splice(0, file.subarray(from, from + below(300)));
    } else if (below(6) === 0) file = file.subarray(0, Math.max(1, at)) as Buffer;
    if (file.length === 0) return Buffer.from('x');
  }
  return file;
}

interface Trial {
  readonly verb: string;
  readonly cases: number;
  /** Opens the result. */
  readonly password: string;
  run(file: Buffer, sink: Sink): { readonly pageCount: number };
}

const trials: readonly Trial[] = [
  {
    verb: 'merge',
    cases: CASES,
    password: '',
    run: (file, sink) => merge([{ source: bytesSource(file), password: 'user' }], sink),
  },
  {
    verb: 'optimise',
    cases: Math.ceil(CASES / 3),
    password: '',
    run: (file, sink) => optimise(bytesSource(file), sink, { password: 'user', dropUnused: true }),
  },
  {
    verb: 'encrypt',
    // Deriving keys takes most of the time.
    cases: Math.ceil(CASES / 5),
    password: 'new',
    run: (file, sink) => encrypt(bytesSource(file), sink, { password: 'user', userPassword: 'new' }),
  },
];

describe('fuzzed files', () => {
  for (const { verb, cases, password, run } of trials)
    it(`${verb}: give a sound result or a typed error, ${cases} times from seed ${SEED}`, () => {
      const found = new Map<string, number>();
      for (let seed = SEED; seed < SEED + cases; seed++) {
        const file = mutate(seed);
        let outcome = 'written';
        try {
          const sink = memorySink();
          const { pageCount } = run(file, sink);
          const again = info(bytesSource(sink.bytes()), { password });
          assert.equal(again.pageCount, pageCount, `seed ${seed}`);
          assert.equal(again.repaired, false, `seed ${seed}`);
        } catch (error) {
          if (!(error instanceof PdfError)) throw new Error(`seed ${seed}`, { cause: error });
          outcome = error.code;
        }
        found.set(outcome, (found.get(outcome) ?? 0) + 1);
      }
      assert.ok((found.get('written') ?? 0) > cases / 3, JSON.stringify([...found]));
    });

  it(`info and attachments: tell what they can or a typed error, ${CASES} times from seed ${SEED}`, () => {
    let told = 0;
    for (let seed = SEED; seed < SEED + CASES; seed++) {
      const source = bytesSource(mutate(seed, [...seeds, facts, facts, facts]));
      const password = 'user';
      try {
        const all = { password, bookmarks: true, form: true, attachments: true, scripts: true };
        const { pageCount, pages } = info(source, all);
        assert.equal(pages.length, pageCount, `seed ${seed}`);
        attachments(source, { password, sink: () => memorySink() });
        told++;
      } catch (error) {
        if (!(error instanceof PdfError)) throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    assert.ok(told > CASES / 3, `${told}`);
  });
});
