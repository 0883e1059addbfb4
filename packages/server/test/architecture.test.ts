import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

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
  engines: ['sandbox', 'platform', 'errors'],
  operations: ['engines/capabilities', 'errors'],
  jobs: [
    'operations/operation',
    'operations/fields',
    'engines/engine',
    'engines/capabilities',
    'sandbox/sandbox',
    'storage/storage',
    'storage/key',
    'storage/room',
    'links',
    'net',
    'database',
    'platform',
    'errors',
  ],
  calls: ['jobs', 'storage/storage', 'links', 'operations/fields', 'platform', 'errors'],
  openapi: ['operations', 'calls', 'errors'],
  http: [
    'openapi',
    'calls',
    'jobs/job',
    'jobs/files',
    'jobs/state',
    'operations',
    'storage/storage',
    'links',
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
  'node:child_process': ['sandbox', 'database', 'commands'],
  'node:http': ['net', 'http', 'commands'],
  'node:https': ['net', 'http', 'commands'],
  'node:net': ['net', 'sandbox', 'database', 'http', 'commands'],
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
  '@octavo/pdf': ['engines'],
  '@peculiar/x509': ['platform'],
  'pg-boss': ['jobs'],
  fastify: ['http'],
  'ipaddr.js': ['net'],
  json5: ['operations', 'http'],
  pg: ['database'],
  'reflect-metadata': ['platform'],
  'swagger-ui-dist': ['openapi'],
  zod: ['operations', 'openapi'],
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
    const libraries = imports.filter(({ name }) => name === '@octavo/pdf');
    assert.ok(libraries.length > 0);
    for (const { file } of libraries) assert.match(file, /^engines\/\w+\/child/);
  });

  it('never reach a child from the server process', () => {
    const isChild = (path: string) => /\/child[^/]*\.ts$/.test(path);
    assert.deepEqual(
      imports.filter(({ file, name }) => isChild(name) && !isChild(file)),
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
  const text = readFileSync(join(src, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  return [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\(\s*)(['"])([^'"]+)\1/g)].map(
    (match) => match[2] as string,
  );
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
  const base = name
    .replace(/^node:([^/]+).*$/, 'node:$1')
    .replace(/^(@[^/]+\/[^/]+|[^@:/][^:/]*)\/.*$/, '$1');
  if (base.startsWith('node:') && harmless.includes(base.slice(5))) return true;
  return (outside[base] ?? []).includes(part);
}
