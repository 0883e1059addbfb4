/**
 * A listener within the walls, whose address is put into every field of every URL of the registry, and into every header that
 * somebody may believe: nobody comes. What is added to the registry is tried from then on.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { calls } from '../../src/calls/index.ts';
import { beside } from '../../src/commands/beside.ts';
import { startServer, type Server } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { failures } from '../../src/errors.ts';
import type { Field } from '../../src/operations/fields.ts';
import { jobFields } from '../../src/operations/job-fields.ts';
import { createKeys } from '../../src/keys/keys.ts';
import { operations } from '../../src/operations/index.ts';
import { createLog } from '../../src/platform/log.ts';
import { until } from '../database/harness.ts';
import { type Canary, startCanary } from '../net/world.ts';
import { Client } from '../program/client.ts';
import { onePagePdf } from '../program/document.ts';

/** One URL, with a request that it takes. */
interface Target {
  readonly path: string;
  readonly fields: Readonly<Record<string, Field<unknown>>>;
  /** Makes such a request, with documents of its own: a call may delete them. */
  request(): Promise<Record<string, string>>;
  /** The same with another value in some fields. */
  put(
    base: Readonly<Record<string, string>>,
    names: readonly string[],
    value: unknown,
  ): Record<string, unknown>;
}

const filled = (names: readonly string[], value: unknown) =>
  Object.fromEntries(names.map((name) => [name, value]));
const inField: Target['put'] = (base, names, value) => ({ ...base, ...filled(names, value) });

/** Names of the wire that no operation here may know yet, or that others give to a link. */
const unknownNames = [
  'link',
  'source',
  'webhook',
  'inline',
  'templateurl',
  'images',
  'cookies',
  'proxy',
  'base',
  'redirect',
];
const headerNames = [
  'host',
  'x-forwarded-host',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-original-host',
  'x-original-url',
  'x-rewrite-url',
  'x-host',
  'x-real-ip',
  'x-callback-url',
  'x-wap-profile',
  'x-http-destinationurl',
  'forwarded',
  'via',
  'from',
  'origin',
  'referer',
  'location',
  'destination',
  'content-location',
  'link',
  'proxy',
  'upgrade',
  'x-request-id',
  'x-api-key',
  'user-agent',
  'cookie',
];

const document = onePagePdf('a page');

/**
 * Whether a browser starts for each request. Hundreds of them take minutes: each field of such a URL is tried in one call, but not as a
 * step or with headers. What pages reach is tried by attacks of their own, in test/engines/chromium.
 */
const isByBrowser = ({ path }: { readonly path: string }) =>
  /^\/url\/|\/from\/(?:html|url|email)$/.test(path);

describe('a canary within the walls', { timeout: 1_800_000 }, () => {
  let canary: Canary;
  let world: World;
  const targets = (): Target[] => [
    ...[...operations.values()].map((operation) => ({
      path: operation.path,
      fields: { ...jobFields, ...operation.fields },
      request: async () => exampleOf(operation.examples[0]?.request ?? {}, world.client),
      put: inField,
    })),
    ...calls.map((call) => ({
      path: call.path,
      fields: call.fields,
      request: async () => exampleOf(call.examples[0]?.request ?? {}, world.client),
      put: inField,
    })),
  ];
  /** The operations as steps of a pipeline: the first, and one that takes the result of another. */
  const steps = (place: 'first' | 'second'): Target[] =>
    [...operations.values()]
      .filter((operation) => operation.path !== '/pipeline' && !isByBrowser(operation))
      .map((operation) => ({
        path: '/pipeline',
        fields: { ...jobFields, ...operation.fields },
        request: async () => exampleOf(operation.examples[0]?.request ?? {}, world.client),
        put(base, names, value) {
          const step = { operation: operation.path.slice(1), ...base };
          if (place === 'first') return { steps: [{ ...step, ...filled(names, value) }] };
          const mixed = names.includes('url') && typeof value === 'string' ? `result,${value}` : value;
          return { steps: [step, { ...step, url: 'result', ...filled(names, mixed) }] };
        },
      }));
  /** Fields that stand in the profile of a call. */
  const inProfile = (): Target[] =>
    targets()
      .filter(({ path }) => path === '/pdf/merge')
      .map((target) => ({
        ...target,
        put: (base, names, value) => ({ ...base, profiles: { std_params: filled(names, value) } }),
      }));
  before(async () => {
    canary = await startCanary(['127.0.0.1', '127.0.0.2', '::1']);
    world = await openWorld('');
  });
  after(async () => {
    await world.close();
    assert.equal(canary.hits, 0);
    await canary[Symbol.asyncDispose]();
  });

  it('is reached by nothing in any field of any URL', () => assertUnreached(targets()));

  it('is reached by nothing in any field of the first step of a pipeline', () =>
    assertUnreached(steps('first')));

  it('is reached by nothing in any field of another step', () => assertUnreached(steps('second')));

  it('is reached by nothing in a profile', () => assertUnreached(inProfile()));

  async function assertUnreached(all: readonly Target[]): Promise<void> {
    assert.ok(all.some(({ fields }) => 'url' in fields && 'callback' in fields));
    const tried = new Set<Field<unknown>>();
    for (const target of all) {
      for (const names of namesOf(target, tried)) {
        const host = `${names[0]}.canary.example`;
        const named = `http://${host}:${canary.port}/x`;
        const literal = `http://127.0.0.1:${canary.port}/x`;
        const nested = {
          url: literal,
          callback: named,
          list: [named, { src: [[literal]], 'http://127.0.0.1': named }],
          html: `<img src="${literal}"><link href="${named}"><script src="${literal}"></script>`,
        };
        const values = [
          literal,
          named,
          `127.0.0.2:${canary.port}`,
          `http://localhost:${canary.port},http://[::1]:${canary.port}/`,
          `cache:${literal}`,
          `file://127.0.0.1:${canary.port}/x`,
          JSON.stringify(nested),
          JSON.stringify([literal, named]),
          nested,
          [literal, [named]],
        ];
        const base = await target.request();
        const leads = Object.entries(target.fields).some(([name, one]) => name === names[0] && one.isSources);
        await Promise.all(
          (leads || !isByBrowser(target) ? values : [literal, nested]).map((value, index) =>
            send(world, target.path, target.put({ ...base, async: 'false' }, names, value), index),
          ),
        );
        assert.equal(canary.hits, 0, `${target.path} ${names.join()}`);
      }
    }
    // What a job says when it has ended is sent after its answer: until the name of its link is looked up, nothing was tried.
    await until(() => world.asked.has('url.canary.example') && world.asked.has('callback.canary.example'));
    assert.equal(canary.hits, 0);
    const logged = world.lines.join('');
    assert.deepEqual(logged.match(/.*(?:http:\/\/[^"\s]*canary\.example|127\.0\.0\.1:\d+\/x).*/g), null);
  }

  it('is reached by nothing in a header, or as the target of a request', async () => {
    for (const [index, target] of targets()
      .filter((one) => !isByBrowser(one))
      .entries()) {
      const base = await target.request();
      // One by one at the first URL; all that can stand together at the others.
      const groups = index === 0 ? headerNames.map((name) => [name]) : [['host'], headerNames.slice(1)];
      for (const names of groups) {
        for (const value of [`127.0.0.1:${canary.port}`, `http://header.canary.example:${canary.port}/`]) {
          const forwarded = `for=127.0.0.1;host=${value};proto=http`;
          const headers = names.map((name) => [name, name === 'forwarded' ? forwarded : value]);
          const query = new URLSearchParams({ ...base, async: 'false' });
          await ask(world, 'GET', `${target.path}?${query}`, Object.fromEntries(headers));
        }
      }
      await ask(world, 'GET', `http://127.0.0.1:${canary.port}${target.path}`, {});
      await ask(world, 'GET', `//127.0.0.1:${canary.port}${target.path}`, {});
    }
    assert.equal(canary.hits, 0);
    assert.ok(!world.asked.has('header.canary.example'));
  });

  it('is named where somebody reads: each URL knows us', async () => {
    for (const { path, request: make } of targets()) {
      // By GET or by POST, whichever it takes.
      const answers = [await send(world, path, await make(), 0), await send(world, path, await make(), 3)];
      assert.ok(
        answers.some((answer) => !/"status": ?(?:401|403|404|405|500)\b/.test(answer)),
        `${path}: ${answers.join()}`,
      );
    }
  });

  it('is refused with the same words, whatever stands there', async () => {
    const words = new Set<string>();
    const path = [...operations.values()].find(({ fields }) => 'url' in fields)?.path ?? '';
    for (const url of [
      `http://127.0.0.1:${canary.port}/`,
      'http://127.0.0.1:1/',
      'http://10.0.0.1/',
      'http://169.254.169.254/latest/meta-data/',
      'http://[fd00:ec2::254]/',
      `http://url.canary.example:${canary.port}/`,
      'http://ten.example/',
    ]) {
      const { error, status, message } = JSON.parse(await send(world, path, { url }, 0)) as Record<
        string,
        unknown
      >;
      words.add(JSON.stringify([error, status, message]));
    }
    const message = failures.sourceRefused.says.replace('{field}', 'url');
    assert.deepEqual([...words], [JSON.stringify([true, 403, message])]);
  });

  it('is reached where the owner of the server says so: the canary lives', async () => {
    await using seen = await startCanary();
    const open = await openWorld('127.0.0.0/8,::1');
    try {
      const fetching = [...targets(), ...inProfile(), ...steps('first')].filter(
        ({ fields }) => fields['url']?.isSources && 'httpusername' in fields,
      );
      assert.ok(fetching.length > 0);
      for (const { path, request: make, put } of fetching) {
        const hits = seen.hits;
        await send(open, path, put(await make(), ['url'], `http://127.0.0.1:${seen.port}/x`), 0);
        // A browser looks for more than the page.
        if (isByBrowser({ path })) assert.ok(seen.hits > hits, path);
        else assert.equal(seen.hits, hits + 1, path);
      }
      const link = await upload(open.client);
      const callback = `http://callback.canary.example:${seen.port}/`;
      const [operation = ''] = operations.keys();
      const hits = seen.hits;
      await send(open, operation, { url: link, callback }, 0);
      await until(() => seen.hits > hits);
    } finally {
      await open.close();
    }
  });
});

/** Where requests go. */
interface Reached {
  readonly base: string;
  /** Of an admin. */
  readonly key: string;
}
/** A server in this process, all of it, with a resolver that knows the canary by any name below `canary.example`. */
interface World extends Reached {
  readonly client: Client;
  /** Names that were looked up. */
  readonly asked: ReadonlySet<string>;
  readonly lines: readonly string[];
  close(): Promise<void>;
}

async function openWorld(allow: string): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'octavo-canary-'));
  const asked = new Set<string>();
  const lines: string[] = [];
  const config = readConfig({
    OCTAVO_DATA_DIR: join(directory, 'data'),
    OCTAVO_HOST: '127.0.0.1',
    OCTAVO_PORT: '54390',
    OCTAVO_ALLOW_SOURCES: allow,
  });
  const log = createLog({ level: 'debug', format: 'json', write: (line) => lines.push(line), now: () => 0 });
  let server: Server | undefined;
  try {
    server = await startServer({ ...config, port: 0 }, log, async (hostname) => {
      asked.add(hostname);
      if (hostname.endsWith('.canary.example')) return [{ address: '127.0.0.1', family: 4 }];
      if (hostname === 'ten.example') return [{ address: '10.0.0.1', family: 4 }];
      if (hostname === 'localhost') return [{ address: '127.0.0.1', family: 4 }];
      throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
    });
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
  const base = server.address as string;
  const client = new Client(base);
  let key = '';
  await beside(config, async (database) => {
    ({ key } = await createKeys(database).create('admin', true));
    return 0;
  });
  return {
    base,
    key,
    client,
    asked,
    lines,
    async close() {
      client.close();
      await server.stop(0);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * All names by which values may come: those of the fields, their other names, and together some that are no field. A definition that
 * URLs share is tried at the first of them, but those of links at each.
 */
function namesOf(target: Target, tried: Set<Field<unknown>>): string[][] {
  const { fields } = target;
  const known = Object.entries(fields).filter(([name, field]) => {
    const isNew = !tried.has(field);
    tried.add(field);
    return name !== 'async' && (isNew || field.isSources || name === 'callback');
  });
  const names = known.flatMap(([name, field]) => [name, ...(isByBrowser(target) ? [] : field.alsoNamed)]);
  const others = unknownNames.filter((name) => !(name in fields));
  return [...[...new Set(names)].map((name) => [name]), others];
}

/** A request of the documentation, with documents of ours in place of its samples. */
async function exampleOf(
  values: Readonly<Record<string, string>>,
  client: Client,
): Promise<Record<string, string>> {
  const entries = Object.entries(values).map(async ([name, value]) => {
    const items = value.split(',').map((item) => {
      if (item.startsWith('base64:')) return document.toString('base64');
      if (item.startsWith('job:')) return acceptedBy(client);
      return /^(?:sample|part):/.test(item) ? upload(client) : item;
    });
    return [name, (await Promise.all(items)).join(',')] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function acceptedBy(client: Client): Promise<string> {
  const { jobId } = await client.json(`/pdf/merge?async=true&url=${await upload(client)}`);
  return String(jobId);
}

function upload(client: Client): Promise<string> {
  return client.upload('a.pdf', document);
}

/** Sends fields in one of the ways of the wire: what is no text only as JSON. */
function send(
  to: Reached,
  pattern: string,
  fields: Readonly<Record<string, unknown>>,
  way: number,
): Promise<string> {
  const path = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(fields[name])),
  );
  const texts = Object.values(fields).every((value) => typeof value === 'string');
  const form = new URLSearchParams(fields as Record<string, string>);
  if (texts && way % 4 === 0) return ask(to, 'GET', `${path}?${form}`, {});
  if (texts && way % 4 === 1)
    return ask(to, 'POST', path, { 'content-type': 'application/x-www-form-urlencoded' }, String(form));
  if (texts && way % 4 === 2) {
    const parts = Object.entries(fields).map(
      ([name, value]) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${String(value)}\r\n`,
    );
    return ask(
      to,
      'POST',
      path,
      { 'content-type': 'multipart/form-data; boundary=b' },
      `${parts.join('')}--b--\r\n`,
    );
  }
  return ask(to, 'POST', path, { 'content-type': 'application/json' }, JSON.stringify(fields));
}

/** One request as it stands here; gives the body of the answer, or nothing where the server cut it off. */
function ask(
  to: Reached,
  method: string,
  target: string,
  own: Readonly<Record<string, string>>,
  body?: string,
): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(to.base);
    const headers = { 'x-api-key': to.key, ...own };
    const sent = request({ hostname, port, method, path: target, headers, agent: false }, (response) => {
      response.toArray().then(
        (chunks) => resolve(chunks.join('')),
        () => resolve(''),
      );
    });
    sent.on('upgrade', (_, socket) => {
      socket.destroy();
      resolve('');
    });
    sent.on('error', () => resolve(''));
    sent.end(body);
  });
}
