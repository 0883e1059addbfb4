import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { operations } from '../src/operations/index.ts';

/** Which parts may import which, as in ARCHITECTURE.md. A part is a folder of `src`, or a file at its root. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  platform: [],
  errors: [],
  version: [],
  config: ['platform', 'errors'],
  links: ['platform', 'errors'],
  storage: ['platform', 'errors'],
  net: ['platform', 'errors'],
  sandbox: ['platform', 'errors'],
  database: ['platform', 'errors'],
  keys: ['database', 'platform', 'errors'],
  templates: ['database', 'platform', 'errors'],
  engines: ['sandbox', 'platform', 'errors'],
  operations: ['engines/capabilities', 'engines/barcodes/barcode-types', 'errors'],
  jobs: [
    'operations/operation',
    'operations/fields',
    'operations/sealing',
    'engines/engine',
    'engines/capabilities',
    'sandbox/sandbox',
    'storage/storage',
    'storage/key',
    'storage/room',
    'links',
    'templates/templates',
    'net',
    'database',
    'platform',
    'errors',
  ],
  calls: [
    'jobs',
    'storage/storage',
    'links',
    'templates/templates',
    'operations/fields',
    'operations/job-fields',
    'platform',
    'errors',
  ],
  openapi: ['operations', 'calls', 'errors'],
  http: [
    'openapi',
    'calls',
    'jobs/job',
    'jobs/files',
    'jobs/records',
    'jobs/state',
    'jobs/sealing',
    'operations',
    'storage/storage',
    'links',
    'templates/templates',
    'platform',
    'errors',
  ],
  commands: ['*'],
  compose: ['*'],
  cli: ['*'],
  main: ['*'],
  generate: ['*'],
};

/** Modules from outside that only some parts may use: Node's that reach the world, and packages. */
const outside: Readonly<Record<string, readonly string[]>> = {
  'node:child_process': ['sandbox', 'database', 'commands', 'engines'],
  'node:http': ['net', 'http'],
  'node:https': ['http'],
  'node:net': ['net', 'sandbox', 'database', 'http', 'engines'],
  'node:http2': ['net', 'engines'],
  'node:tls': ['net'],
  'node:dns': ['net'],
  'node:fs': [
    'storage',
    'sandbox',
    'database',
    'jobs',
    'platform',
    'engines',
    'net',
    'openapi',
    'version',
    'commands',
    'generate',
    'compose',
  ],
  // The operator's own bucket, at an address of the operator's: not a door for links of strangers.
  '@aws-sdk/client-s3': ['storage'],
  '@aws-sdk/s3-request-presigner': ['storage'],
  '@e965/xlsx': ['engines'],
  '@embedpdf/pdfium': ['engines'],
  '@kenjiuno/msgreader': ['engines'],
  '@octavo/pdf': ['engines'],
  '@peculiar/x509': ['platform'],
  'bwip-js': ['engines'],
  'pg-boss': ['jobs'],
  'postal-mime': ['engines'],
  fastify: ['http'],
  'ipaddr.js': ['net'],
  // Data of templates is read in boxes too.
  json5: ['operations', 'engines'],
  pg: ['database'],
  re2js: ['engines'],
  'reflect-metadata': ['platform'],
  sharp: ['engines'],
  'swagger-ui-dist': ['openapi'],
  // What a box says is checked by a schema too.
  zod: ['operations', 'openapi', 'engines'],
};
/** What opens a connection to elsewhere, or asks for the address of a name. `*` is all of a module; types are free. */
const outgoing: Readonly<Record<string, readonly string[]>> = {
  'node:http': ['request', 'get', 'Agent', 'globalAgent', 'ClientRequest'],
  'node:https': ['request', 'get', 'Agent', 'globalAgent'],
  'node:net': ['connect', 'createConnection', 'Socket'],
  'node:tls': ['*'],
  'node:http2': ['*'],
  'node:dgram': ['*'],
  'node:dns': ['*'],
  'node:inspector': ['*'],
  undici: ['*'],
  pg: ['Client', 'Pool', 'default'],
  '@aws-sdk/client-s3': ['S3Client', 'S3', 'default'],
};
/** Held by the linter too, which has an exception for `commands/demo.ts`: a client of the server that it started itself. */
const outgoingGlobals = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'];
/** Who may use it besides `net/`, and why: no stranger has a say in where these lead. */
const mayOpen: Readonly<Record<string, readonly [names: readonly string[], why: string]>> = {
  'database/connect.ts': [
    ['Client', 'Pool'],
    'the PostgreSQL of the settings, or the embedded one on a socket',
  ],
  'database/listener.ts': [['Client'], 'the same'],
  'database/lock.ts': [['connect'], 'a socket file in the data directory: is another process of ours alive?'],
  'sandbox/directory.ts': [['connect'], 'a socket file in the directory of boxes: the same question'],
  'sandbox/child-attack.ts': [['connect'], 'the attack of a box on its walls, at start: it has to fail'],
  'sandbox/child-door.ts': [['Socket'], 'a stream that the box was started with'],
  'engines/chromium/child-bridge.ts': [['*'], 'HTTP/2 over the stream that its box was started with'],
  'engines/libreoffice/child-soffice.ts': [['connect'], 'the pipe of the program beside it, in its box'],
  'storage/s3-bucket.ts': [['S3Client'], 'the bucket of the settings'],
  'openapi/page.ts': [['createRequire'], 'finds where the files of the API page lie'],
};

/** Modules that touch nothing outside of the process. */
const harmless = [
  'assert',
  'buffer',
  'crypto',
  'events',
  'os',
  'path',
  'perf_hooks',
  'process',
  'stream',
  'timers',
  'url',
  'util',
  'zlib',
  'v8',
  'async_hooks',
  'module',
];

const src = fileURLToPath(new URL('../src', import.meta.url));
const files = globSync('**/*.ts', { cwd: src });
const imports = files.flatMap((file) => importsOf(file).map((name) => ({ file, name })));

describe('the arrows', () => {
  it('are all read: every part is in the table', () => {
    assert.ok(files.length > 20);
    assert.deepEqual(
      [...new Set(files.map((file) => partOf(file)))].filter((part) => !(part in allowed)),
      [],
    );
  });

  it('point one way', () => {
    const wrong = imports.filter(
      ({ file, name }) => name.startsWith('.') && !mayImport(file, join(dirname(file), name)),
    );
    assert.deepEqual(wrong, []);
  });

  it('leave the process only where the table says so', () => {
    const wrong = imports.filter(({ file, name }) => !name.startsWith('.') && !mayUse(partOf(file), name));
    assert.deepEqual(wrong, []);
  });

  it('keep document libraries inside the box: only a child imports one', () => {
    for (const library of [
      '@octavo/pdf',
      '@embedpdf/pdfium',
      '@e965/xlsx',
      '@kenjiuno/msgreader',
      'bwip-js',
      'postal-mime',
      'sharp',
    ]) {
      const libraries = imports.filter(({ name }) => baseOf(name) === library);
      assert.ok(libraries.length > 0);
      for (const { file } of libraries) assert.match(file, /^engines\/\w+\/child/);
    }
  });

  it('never reach a child from the server process', () => {
    const isChild = (path: string) => /\/child[^/]*\.ts$/.test(path);
    assert.deepEqual(
      imports.filter(({ file, name }) => isChild(name) && !isChild(file)),
      [],
    );
  });
});

describe('the only door out', () => {
  it('is net/: nobody else can open a connection, but those who are named with a reason', () => {
    const opened = files
      .filter((file) => partOf(file) !== 'net')
      .flatMap((file) => opensBy(textOf(file)).map((name) => [file, name] as const));
    assert.deepEqual(
      opened.filter(([file, name]) => !(mayOpen[file]?.[0] ?? []).includes(name)),
      [],
    );
    for (const [file, [names]] of Object.entries(mayOpen)) {
      assert.deepEqual(
        names.filter((name) => !opened.some(([who, what]) => who === file && what === name)),
        [],
        `${file} needs no exception any more`,
      );
    }
  });

  it('is held by the linter with the same exceptions', () => {
    const { overrides } = JSON.parse(readFileSync(join(src, '../../../.oxlintrc.json'), 'utf8')) as {
      overrides: { files: string[]; rules: Record<string, unknown> }[];
    };
    const free = overrides
      .filter(({ rules }) => rules['no-restricted-imports'] === 'off')
      .flatMap(({ files: paths }) => paths.map((path) => path.replace('packages/server/src/', '')));
    const needed = Object.entries(mayOpen)
      .filter(([, [names]]) => names.includes('connect') || names.includes('Socket') || names.includes('*'))
      .map(([file]) => file);
    assert.deepEqual(free.toSorted(), ['net/**', 'commands/demo.ts', ...needed].toSorted());
    const rules = JSON.stringify(overrides[0]?.rules);
    for (const name of [...Object.keys(outgoing), ...outgoingGlobals].filter(
      (one) => !['pg', '@aws-sdk/client-s3'].includes(one),
    ))
      assert.ok(rules.includes(`"name":"${name}"`), name);
  });

  it('is seen in whatever way somebody goes around it', () => {
    for (const [text, names] of [
      ["import { createServer } from 'node:http';", []],
      ["import type { Socket } from 'node:net';", []],
      ["import { type Socket, createServer } from 'node:net';", []],
      ["import { type Socket, connect as open } from 'node:net';", ['connect']],
      ["import {\n  createServer,\n  request,\n} from 'node:http';", ['request']],
      ["import http from 'node:http';", ['*']],
      ["import * as http from 'node:https';", ['*']],
      ["import http, { createServer } from 'node:http';", ['*']],
      ["export * from 'node:net';", ['*']],
      ["export { connect } from 'node:net';", ['connect']],
      ["import { lookup } from 'node:dns/promises';", ['*']],
      ["import 'node:tls';", ['*']],
      ["const { connect } = await import('node:net');", ['*']],
      ["const net = createRequire(import.meta.url)('net');", ['createRequire']],
      ["process.getBuiltinModule('net')", ['getBuiltinModule']],
      ['process.binding("tcp_wrap")', ['binding']],
      ['await globalThis.fetch(url)', ['fetch']],
      ["globalThis['fetch'](url)", ['fetch']],
      ['// globalThis.fetch(url)', []],
      ['new globalThis.WebSocket(url)', ['WebSocket']],
    ] as const) {
      assert.deepEqual(opensBy(withoutComments(text)), names, text);
    }
  });
});

describe('an operation', () => {
  /** Files that may be longer, and why. */
  const long: Readonly<Record<string, string>> = {
    'operations/pdf/security/add.ts': 'twelve fields of the wire, each with its words',
  };

  it('is one file, with the path of its URL, of at most 60 lines', () => {
    for (const path of operations.keys()) {
      const file = `operations${path}.ts`;
      assert.ok(files.includes(file), file);
      const lines = readFileSync(join(src, file), 'utf8').split('\n').length - 1;
      assert.equal(lines > 60, file in long, `${file} has ${lines} lines`);
    }
  });

  it('has one line in the index', () => {
    const known = [...operations.keys()].map((path) => `operations${path}.ts`);
    assert.deepEqual(
      files.filter((file) => /^operations\/.+\//.test(file) && !known.includes(file)),
      [],
    );
  });
});

describe('names', () => {
  it('hold no drawer for leftovers', () => {
    assert.deepEqual(
      files.filter((file) => /(?:^|\/)(?:utils?|common|shared|helpers?|types|misc)(?:\/|\.ts$)/.test(file)),
      [],
    );
  });
});

/** Static, dynamic and re-exporting imports; those of a child by URL are not imports. */
function importsOf(file: string): string[] {
  return [
    ...textOf(file).matchAll(/(?:(?<!['"])\bfrom\s*|\bimport\s*\(?\s*|\brequire\(\s*)(['"])([^'"]+)\1/g),
  ].map((match) => match[2] as string);
}

function textOf(file: string): string {
  return withoutComments(readFileSync(join(src, file), 'utf8'));
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}

/** What a text uses of all that opens connections: names, or `*` where it takes a whole module. */
function opensBy(text: string): string[] {
  const found: string[] = [];
  const clause =
    /(?:\b(?:import|export)\s+((?:[\w$*]|\{[^}]*\}|[\s,])*?)\s*from\s*|\bimport\s*(\(?)\s*)(['"])([^'"]+)\3/g;
  for (const [, names, , , module = ''] of text.matchAll(clause)) {
    const base = baseOf(module);
    const listed = outgoing[base];
    if (listed === undefined || /^type\s+\{/.test(names ?? '')) continue;
    const taken = /^\{([^}]*)\}$/.exec(names?.trim() ?? '')?.[1]?.split(',') ?? ['*'];
    for (const one of taken.map((name) => name.trim().split(/\s+as\s+/)[0] ?? '')) {
      if (one === '' || one.startsWith('type ')) continue;
      if (listed.includes('*') || one === '*') found.push('*');
      else if (listed.includes(one)) found.push(one);
    }
  }
  // By their own names they are left to the linter, which knows what a name stands for.
  for (const global of outgoingGlobals)
    if (new RegExp(`\\bglobalThis\\W+${global}\\b`).test(text)) found.push(global);
  for (const way of ['createRequire', 'getBuiltinModule', 'binding']) {
    if (new RegExp(`\\b${way}\\s*\\(`).test(text)) found.push(way);
  }
  return [...new Set(found)];
}

function partOf(file: string): string {
  return (file.split('/')[0] as string).replace(/\.ts$/, '');
}

function mayImport(from: string, to: string): boolean {
  const part = partOf(from);
  if (partOf(to) === part) return true;
  const target = relative('.', to).replace(/\.ts$/, '');
  return (allowed[part] ?? []).some(
    (rule) => rule === '*' || target === rule || target.startsWith(`${rule}/`),
  );
}

function mayUse(part: string, name: string): boolean {
  const base = baseOf(name);
  if (base.startsWith('node:') && harmless.includes(base.slice(5))) return true;
  return (outside[base] ?? []).includes(part);
}

/** `node:dns/promises` is `node:dns`, and `@scope/package/file` is `@scope/package`. */
function baseOf(name: string): string {
  return name.replace(/^node:([^/]+).*$/, 'node:$1').replace(/^(@[^/]+\/[^/]+|[^@:/][^:/]*)\/.*$/, '$1');
}
