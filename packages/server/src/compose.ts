import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { calls } from './calls/index.ts';
import type { Health } from './calls/call.ts';
import { type Config, isLoopback } from './config.ts';
import type { Database } from './database/database.ts';
import { openEmbedded } from './database/embedded.ts';
import { openExternal } from './database/external.ts';
import { migrate, secret } from './database/migrate.ts';
import type { Engine } from './engines/engine.ts';
import { archivesProgram, createArchivesEngine } from './engines/archives/engine.ts';
import { barcodesProgram, createBarcodesEngine } from './engines/barcodes/engine.ts';
import { createMailEngine, mailProgram } from './engines/mail/engine.ts';
import { absentChromium, chromiumProgram, createChromiumEngine } from './engines/chromium/engine.ts';
import { findBrowser } from './engines/chromium/places.ts';
import { createOfficeEngine } from './engines/libreoffice/engine.ts';
import { createOctavoEngine, octavoProgram } from './engines/octavo/engine.ts';
import { createPdfiumEngine, pdfiumPicturesProgram, pdfiumProgram } from './engines/pdfium/engine.ts';
import { createPicturesEngine, picturesProgram } from './engines/pictures/engine.ts';
import { createSheetsEngine, sheetsProgram } from './engines/sheets/engine.ts';
import { Failure } from './errors.ts';
import { httpDefaults } from './http/options.ts';
import { createHttpServer, type HttpServer } from './http/server.ts';
import { createJobs, type Jobs } from './jobs/jobs.ts';
import { createKeys, type Keys } from './keys/keys.ts';
import { createLinks } from './links/links.ts';
import { createDownload, createFetch, type DownloadOptions } from './net/download.ts';
import { createPost } from './net/post.ts';
import { createProxy } from './net/proxy.ts';
import { type Resolve, systemResolve } from './net/request.ts';
import { openApiDocument } from './openapi/document.ts';
import { type PageFile, pageFiles } from './openapi/page.ts';
import { operations } from './operations/index.ts';
import {
  givenCertificate,
  type LocalCertificate,
  localCertificate,
  type ServerCertificate,
} from './platform/certificates.ts';
import { systemClock } from './platform/clock.ts';
import type { Log } from './platform/log.ts';
import { openSandbox, tiers } from './sandbox/open.ts';
import type { BoxProgram, Sandbox } from './sandbox/sandbox.ts';
import { createFileStorage } from './storage/file.ts';
import { createRoom, type Room } from './storage/room.ts';
import type { Storage } from './storage/storage.ts';
import { createTemplates, type Templates } from './templates/templates.ts';
import { version } from './version.ts';

/** A server that runs, in one of the roles. */
export interface Server {
  /** Where it listens; absent in the role `worker`. */
  readonly address: string | undefined;
  readonly tier: Sandbox['tier'] | undefined;
  readonly needsKeys: boolean;
  /** The key that the first start made, to be shown once. */
  readonly firstKey: string | undefined;
  /** File of the authority that clients have to trust, with OCTAVO_TLS=local. */
  readonly authorityFile: string | undefined;
  health(): Promise<Health>;
  /** Tries the engines whose state is what was seen last, so that `health` tells what is so now. */
  tryEngines(): Promise<void>;
  /** Compares rows and stored files; `repair` puts right what differs. */
  audit: Jobs['audit'];
  /** No new work; running jobs get the time, the rest go back to the queue; then everything of ours ends. */
  stop(graceMs: number): Promise<void>;
}

const megabyte = 1024 * 1024;
/** Well within the time after which a callback counts as lost with its process. */
const postMsMax = 10_000;
/** Jobs in work for each box: while one computes, others wait for the disk, the database or a download. */
const jobsPerBox = 4;
/** `/health` may be asked often, and its probes do real work. */
const healthKeptMs = 1_000;

/**
 * Starts the parts that the role needs. `resolve` looks up the hosts of links. Throws an Error with a sentence for the operator;
 * then nothing of ours is left.
 */
export async function startServer(
  config: Config,
  log: Log,
  resolve: Resolve = systemResolve,
): Promise<Server> {
  await using parts = new AsyncDisposableStack();
  await mkdir(config.dataDir, { recursive: true });
  const room = createRoom({ directory: config.dataDir, freeBytesMin: config.diskFreeMb * megabyte });
  const boxes = config.workers === 0 ? availableParallelism() : config.workers;
  const [database, storage, sandbox] = await allOf([
    openDatabase(config, log).then((opened) => {
      parts.defer(() => opened.close());
      return opened;
    }),
    openStorage(config, room),
    config.role === 'api' ? undefined : openBoxes(config, log, parts),
  ]);
  await migrate(database);
  const links = createLinks(await secret(database));
  const templates = createTemplates(database);
  const outgoing: DownloadOptions = {
    allow: config.allowSources,
    bytesMax: config.uploadMaxMb * megabyte,
    timeoutMs: config.fetchMaxSeconds * 1000,
    log,
    resolve,
  };
  // A page is shown only by a job.
  const door = createProxy({ ...outgoing, log, own: (url) => jobs.sources.open(url) });
  const engines = sandbox === undefined ? [] : startEngines(sandbox, config, boxes, door);
  const jobs = await createJobs({
    role: config.role,
    database,
    storage,
    links,
    operations,
    engines,
    templates,
    download: createDownload(outgoing),
    fetch: createFetch(outgoing),
    post: createPost({ allow: config.allowSources, timeoutMs: postMsMax, resolve }),
    clock: systemClock,
    log,
    directory: join(config.dataDir, 'jobs'),
    room,
    concurrency: boxes * jobsPerBox,
    waitingMax: config.queueMax,
    wallMsMax: config.jobMaxSeconds * 1000,
    callbackKeptMs: config.callbackDays * 86_400_000,
  });
  parts.defer(() => jobs.stop(0));
  const health = keepFor(healthKeptMs, () => lookAtAll({ database, storage, room, engines, sandbox, jobs }));
  const edge =
    config.role === 'worker'
      ? undefined
      : await openEdge({ config, log, database, storage, links, jobs, templates, health });
  const running = parts.move();
  return {
    tier: sandbox?.tier,
    address: edge?.address,
    needsKeys: edge?.needsKeys ?? false,
    firstKey: edge?.firstKey,
    authorityFile: edge?.authorityFile,
    health,
    async tryEngines() {
      await Promise.all(engines.map(({ trial }) => trial?.()));
    },
    audit: (repair) => jobs.audit(repair),
    async stop(graceMs) {
      await Promise.all([edge?.http.close(graceMs), jobs.stop(graceMs)]);
      await running.disposeAsync();
    },
  };
}

/** Like Promise.all, but throws only when all have ended: until then a part could open that nobody would close. */
async function allOf<const T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/** The database of the settings; `shared` lets a command use the embedded one beside a running server. */
export function openDatabase(config: Config, log: Log, shared = false): Promise<Database> {
  return config.databaseUrl === ''
    ? openEmbedded({ dataDirectory: config.dataDir, log, shared })
    : Promise.resolve(openExternal({ url: config.databaseUrl, connectionsMax: 16, log }));
}

/** What talks to S3 is loaded only where it is asked for. */
async function openStorage(config: Config, room: Room): Promise<Storage> {
  const { storage: location, dataDir: directory } = config;
  if (location === undefined) return createFileStorage({ directory, room });
  const { createS3Storage } = await import('./storage/s3.ts');
  return createS3Storage({ location, directory, room });
}

async function openBoxes(config: Config, log: Log, parts: AsyncDisposableStack): Promise<Sandbox> {
  const weakest = config.boxTier === '' ? tiers.length - 1 : tiers.indexOf(config.boxTier);
  const allow = tiers.slice(0, weakest + 1);
  const sandbox = await openSandbox({ directory: join(config.dataDir, 'boxes'), log, allow });
  parts.defer(() => sandbox.close());
  return sandbox;
}

function startEngines(
  sandbox: Sandbox,
  config: Config,
  size: number,
  door: BoxProgram['door'] & {},
): Engine[] {
  const own = { size, memoryBytesMax: config.boxMemoryMb * megabyte };
  const directory = join(config.dataDir, 'boxes');
  const octavo = createOctavoEngine(sandbox.pool(octavoProgram(own)), { directory });
  return [
    octavo,
    createPicturesEngine(sandbox.pool(picturesProgram(own)), { directory }),
    createSheetsEngine(sandbox.pool(sheetsProgram(own)), { directory }),
    createArchivesEngine(sandbox.pool(archivesProgram({ size })), { directory }),
    createBarcodesEngine(sandbox.pool(barcodesProgram({ size })), { directory }),
    createMailEngine(sandbox.pool(mailProgram({ size })), { directory }),
    createPdfiumEngine(
      {
        plain: sandbox.pool(pdfiumProgram(own)),
        pictures: sandbox.pool(pdfiumPicturesProgram(own)),
      },
      { directory, boxes: size },
    ),
    startChromium(
      sandbox,
      { ...own, door },
      { directory, loadsResources: config.pageResources === 'public' },
    ),
    createOfficeEngine(sandbox, {
      directory,
      boxes: config.officeBoxes,
      memoryBytesMax: config.officeMemoryMb * megabyte,
      inspect: octavo.abilities['pdf.info'],
    }),
  ];
}

function startChromium(
  sandbox: Sandbox,
  own: Omit<Parameters<typeof chromiumProgram>[0], 'browser'>,
  options: Parameters<typeof createChromiumEngine>[1],
): Engine {
  const browser = findBrowser();
  if (browser === undefined)
    return absentChromium('Neither Chromium nor Google Chrome is installed: `octavo engines` installs it.');
  if (sandbox.tier === 'limited')
    return absentChromium('A browser runs in walled boxes alone: install bubblewrap.');
  return createChromiumEngine(sandbox.pool(chromiumProgram({ ...own, browser })), options);
}

interface EdgeParts {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  readonly storage: Storage;
  readonly links: ReturnType<typeof createLinks>;
  readonly jobs: Jobs;
  readonly templates: Templates;
  health(): Promise<Health>;
}
interface OpenEdge {
  readonly http: HttpServer;
  readonly address: string;
  readonly needsKeys: boolean;
  readonly firstKey: string | undefined;
  readonly authorityFile: string | undefined;
}

async function openEdge(parts: EdgeParts): Promise<OpenEdge> {
  const { config, log, jobs } = parts;
  const keys = createKeys(parts.database);
  const needsKeys = config.auth === '' ? !isLoopback(config.host) : config.auth === 'keys';
  const firstKey = needsKeys ? await makeFirstKey(keys) : undefined;
  const certificate = await openCertificate(config);
  const authorityFile = certificate && 'authorityFile' in certificate ? certificate.authorityFile : undefined;
  const http = createHttpServer({
    operations,
    calls,
    pages: [...pageFiles, openApiPage()],
    queue: jobs.queue,
    storage: parts.storage,
    links: parts.links,
    authenticateAdmin: (key) => keys.verifyAdmin(key),
    authenticate: needsKeys ? (key) => keys.verify(key) : () => 0,
    files: jobs.files,
    deliveries: jobs.deliveries,
    templates: parts.templates,
    remainingCredits: (tenant) => jobs.credits.remaining(tenant),
    checkSource: (source, tenant, field) => jobs.sources.check(source, tenant, field),
    releaseSources: (held) => jobs.sources.release(held),
    readSource: (source, reading, take) => jobs.sources.read(source, reading, take),
    health: parts.health,
    version,
    log,
    clock: systemClock,
    settings: {
      ...httpDefaults,
      host: config.host,
      port: config.port,
      tls: certificate,
      publicUrl: config.publicUrl === '' ? undefined : config.publicUrl,
      syncWaitMs: config.syncWaitSeconds * 1000,
      idleMsMax: Math.max(
        httpDefaults.idleMsMax,
        config.syncWaitSeconds * 2000,
        (config.fetchMaxSeconds + 30) * 1000,
      ),
      uploadBytesMax: config.uploadMaxMb * megabyte,
      fieldBytesMax: config.textMaxMb * megabyte,
      textBytesMax: Math.max(httpDefaults.textBytesMax, 2 * config.textMaxMb * megabyte),
      fileMinutes: config.fileMinutes,
      fileMinutesMax: config.fileMinutesMax,
      redirectsDownloads: config.downloads === 'redirect',
      directUploads: config.uploads === 'direct',
    },
  });
  const { port } = await http.listen();
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return {
    http,
    address: `${certificate === undefined ? 'http' : 'https'}://${host}:${port}`,
    needsKeys,
    firstKey,
    authorityFile,
  };
}

async function makeFirstKey(keys: Keys): Promise<string | undefined> {
  return (await keys.list()).length === 0 ? (await keys.create('first')).key : undefined;
}

function openCertificate(config: Config): Promise<ServerCertificate | LocalCertificate> | undefined {
  if (config.tls === 'off') return undefined;
  if (config.tls === 'local')
    return localCertificate(join(config.dataDir, 'certificates'), systemClock.now());
  return givenCertificate(config.tls);
}

function openApiPage(): PageFile {
  const text = JSON.stringify(openApiDocument({ operations: operations.values(), calls, version }));
  return { path: '/openapi.json', contentType: 'application/json', load: async () => text };
}

interface HealthParts {
  readonly database: Database;
  readonly storage: Storage;
  readonly room: Room;
  readonly engines: readonly Engine[];
  readonly sandbox: Sandbox | undefined;
  readonly jobs: Jobs;
}

async function lookAtAll({ database, storage, room, engines, sandbox, jobs }: HealthParts): Promise<Health> {
  const [databaseState, storageState, engineStates, count] = await Promise.all([
    database.probe(),
    storage.probe().then(
      () => ({ ready: true, says: room.says() ?? 'Files can be written and read.' }),
      (error: unknown) => ({ ready: false, says: sayToOperator(error) }),
    ),
    Promise.all(engines.map(async (engine) => ({ name: engine.name, ...(await engine.probe()) }))),
    jobs.count().catch(() => undefined),
  ]);
  return {
    ready:
      databaseState.ready && storageState.ready && engineStates.every((state) => state.ready || state.absent),
    details: {
      version,
      database: databaseState,
      storage: storageState,
      engines: engineStates,
      ...(sandbox === undefined ? {} : { boxes: { tier: sandbox.tier, probes: sandbox.probes } }),
      jobs: count,
    },
  };
}

/** What of an error an operator can act on. */
export function sayToOperator(error: unknown): string {
  if (error instanceof Failure) return error.detail ?? error.message;
  return error instanceof Error ? error.message : String(error);
}

/** Gives the same answer for a while, and one answer to all who ask at the same time. */
function keepFor<T>(ms: number, look: () => Promise<T>): () => Promise<T> {
  let kept: { readonly until: number; readonly answer: Promise<T> } | undefined;
  return () => {
    const now = systemClock.now();
    if (kept === undefined || kept.until < now) kept = { until: now + ms, answer: look() };
    return kept.answer;
  };
}
