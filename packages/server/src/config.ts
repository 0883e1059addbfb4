import { resolve } from 'node:path';
import { logLevels } from './platform/log.ts';

/**
 * Every setting: its variable, its default, what it means, and how it is read. `--help`, the documentation and the messages
 * about wrong values derive from this table; each flag mirrors its variable one to one (`OCTAVO_DATA_DIR` is `--data-dir`).
 */
export const settings = {
  host: setting(
    'OCTAVO_HOST',
    'localhost',
    'Address to listen on. `localhost` means both 127.0.0.1 and ::1.',
    text,
  ),
  port: setting('OCTAVO_PORT', '8080', 'Port to listen on; 0 takes a free one.', whole(0, 65_535)),
  tls: setting(
    'OCTAVO_TLS',
    'off',
    '`off`; `local`: make an authority and a certificate for localhost in the data directory; or `cert.pem,key.pem`.',
    text,
  ),
  publicUrl: setting(
    'OCTAVO_PUBLIC_URL',
    '',
    'Base of the links in answers, where it is not the address of the request.',
    baseUrl,
  ),
  dataDir: setting('OCTAVO_DATA_DIR', './data', 'Files, embedded database, certificates.', (value) =>
    resolve(value),
  ),
  storage: setting(
    'OCTAVO_STORAGE',
    '',
    'Where uploads and results lie: `s3://bucket/prefix?region=...`, with `&endpoint=https://...` for a server other than Amazon; empty means the data directory.',
    s3Location,
  ),
  downloads: setting(
    'OCTAVO_DOWNLOADS',
    'stream',
    '`stream`: downloads go through the server, checked; `redirect`: to a link of S3 that lives for minutes, unchecked, for clients that follow redirects.',
    oneOf('stream', 'redirect'),
  ),
  uploads: setting(
    'OCTAVO_UPLOADS',
    'server',
    '`server`: presigned uploads go through the server; `direct`: to a link of S3 itself, for clients that say by `contentlength` how long the file is.',
    oneOf('server', 'direct'),
  ),
  databaseUrl: setting(
    'OCTAVO_DATABASE_URL',
    '',
    'An existing PostgreSQL, `postgres://...`; empty means the embedded one.',
    databaseUrl,
  ),
  role: setting(
    'OCTAVO_ROLE',
    'all',
    '`all`; or `api` and `worker` in processes of their own on one OCTAVO_DATABASE_URL and one data directory or OCTAVO_STORAGE.',
    oneOf('all', 'api', 'worker'),
  ),
  auth: setting(
    'OCTAVO_AUTH',
    '',
    '`open` or `keys`; empty means open on a loopback address, keys elsewhere.',
    oneOf('', 'open', 'keys'),
  ),
  pageResources: setting(
    'OCTAVO_PAGE_RESOURCES',
    'public',
    'What HTML that becomes pages may load: `public`, what source links may reach too; or `none`.',
    oneOf('public', 'none'),
  ),
  allowSources: setting(
    'OCTAVO_ALLOW_SOURCES',
    '',
    'Networks (10.0.0.0/8) or URL prefixes, separated by commas, that source links and callbacks may reach besides public addresses; never the metadata addresses of clouds.',
    list,
  ),
  uploadMaxMb: setting(
    'OCTAVO_UPLOAD_MAX_MB',
    '2048',
    'Largest file that is taken, in megabytes.',
    whole(1, 1_048_576),
  ),
  textMaxMb: setting(
    'OCTAVO_TEXT_MAX_MB',
    '64',
    'Largest text of one request in megabytes, all its fields together: templates, HTML, and files as base64 in JSON or a form. It is held in memory, several times over while it is read.',
    whole(1, 512),
  ),
  fetchMaxSeconds: setting(
    'OCTAVO_FETCH_MAX_SECONDS',
    '120',
    'How long the server may take to fetch one file from a link, redirects included.',
    whole(1, 3_600),
  ),
  fileMinutes: setting(
    'OCTAVO_FILE_MINUTES',
    '60',
    'Minutes that uploads and results are kept, where a call does not say so by `expiration`.',
    whole(1, 527_040),
  ),
  fileMinutesMax: setting(
    'OCTAVO_FILE_MINUTES_MAX',
    '10080',
    'The longest that a call may ask for by `expiration`, in minutes.',
    whole(1, 527_040),
  ),
  diskFreeMb: setting(
    'OCTAVO_DISK_FREE_MB',
    '256',
    'Free megabytes on the disk of the data directory below which uploads and new jobs are refused, while reads go on; 0 never refuses.',
    whole(0, 1_048_576),
  ),
  syncWaitSeconds: setting(
    'OCTAVO_SYNC_WAIT_SECONDS',
    '25',
    'How long a call without async waits for its job.',
    whole(1, 600),
  ),
  jobMaxSeconds: setting('OCTAVO_JOB_MAX_SECONDS', '300', 'How long a job may run.', whole(1, 86_400)),
  queueMax: setting(
    'OCTAVO_QUEUE_MAX',
    '1000',
    'Jobs that may wait or run at one time; more are refused with 429.',
    whole(1, 1_000_000),
  ),
  callbackDays: setting(
    'OCTAVO_CALLBACK_DAYS',
    '7',
    'Days that callbacks are kept that were given up, for `octavo deliveries`.',
    whole(0, 366),
  ),
  workers: setting(
    'OCTAVO_WORKERS',
    '0',
    'Boxes that work at one time; 0 means one for each processor.',
    whole(0, 1_024),
  ),
  boxMemoryMb: setting('OCTAVO_BOX_MEMORY_MB', '768', 'Memory of one box, in megabytes.', whole(128, 65_536)),
  officeBoxes: setting(
    'OCTAVO_OFFICE_BOXES',
    '0',
    'Documents that LibreOffice works on at one time; 0 means as many as processors and half of the memory allow.',
    whole(0, 256),
  ),
  officeMemoryMb: setting(
    'OCTAVO_OFFICE_MEMORY_MB',
    '1024',
    'Memory of one box of LibreOffice, in megabytes.',
    whole(256, 65_536),
  ),
  boxTier: setting(
    'OCTAVO_BOX_TIER',
    '',
    'The weakest tier of boxes to start with: `bubblewrap`, `namespaces` or `limited`; empty takes the strongest that works.',
    oneOf('', 'bubblewrap', 'namespaces', 'limited'),
  ),
  logLevel: setting('OCTAVO_LOG_LEVEL', 'info', `One of ${logLevels.join(', ')}.`, oneOf(...logLevels)),
  logFormat: setting(
    'OCTAVO_LOG_FORMAT',
    '',
    '`text` or `json`; empty means text on a terminal, JSON otherwise.',
    oneOf('', 'text', 'json'),
  ),
} as const;

export interface Setting<Value> {
  readonly variable: string;
  readonly absent: string;
  readonly about: string;
  /** Throws an Error whose message says which values are valid. */
  read(value: string): Value;
}
export type Config = {
  readonly [Name in keyof typeof settings]: ReturnType<(typeof settings)[Name]['read']>;
};

/** A setting that cannot be used; its message names the variable and the valid values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Flags win over variables, variables over defaults. Empty means the default. Throws ConfigError. */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  flags: ReadonlyMap<string, string> = new Map(),
): Config {
  const known = new Map(Object.values(settings).map((one) => [flagOf(one), one]));
  for (const flag of flags.keys()) {
    if (!known.has(flag)) throw new ConfigError(`There is no flag ${flag}: see octavo --help.`);
  }
  const config = Object.fromEntries(
    Object.entries(settings).map(([name, one]) => [
      name,
      readOne(one, flags.get(flagOf(one)) || env[one.variable] || one.absent),
    ]),
  ) as Config;
  if (config.role !== 'all' && config.databaseUrl === '') {
    throw new ConfigError(
      'OCTAVO_ROLE=api and OCTAVO_ROLE=worker need OCTAVO_DATABASE_URL: the embedded database serves one process.',
    );
  }
  if (config.fileMinutes > config.fileMinutesMax) {
    throw new ConfigError(
      'OCTAVO_FILE_MINUTES is larger than OCTAVO_FILE_MINUTES_MAX: raise the latter, or lower the former.',
    );
  }
  if (config.downloads === 'redirect' && config.storage === undefined) {
    throw new ConfigError('OCTAVO_DOWNLOADS=redirect needs OCTAVO_STORAGE=s3://...: a disk has no links.');
  }
  if (config.uploads === 'direct' && config.storage === undefined) {
    throw new ConfigError('OCTAVO_UPLOADS=direct needs OCTAVO_STORAGE=s3://...: a disk has no links.');
  }
  return config;
}

/** `OCTAVO_DATA_DIR` is `--data-dir`. */
export function flagOf(one: Setting<unknown>): string {
  return `--${one.variable.slice('OCTAVO_'.length).toLowerCase().replaceAll('_', '-')}`;
}

/** Whether every address that this host names can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

const secretive: ReadonlySet<string> = new Set(['OCTAVO_DATABASE_URL', 'OCTAVO_STORAGE']);

function readOne(one: Setting<unknown>, value: string): unknown {
  try {
    return one.read(value);
  } catch (error) {
    // The value stays out of the message where it may hold a password.
    const shown = secretive.has(one.variable) ? '' : ` ("${value}")`;
    throw new ConfigError(`${one.variable}${shown} is not valid: ${(error as Error).message}.`);
  }
}

function setting<Value>(
  variable: string,
  absent: string,
  about: string,
  read: (value: string) => Value,
): Setting<Value> {
  return { variable, absent, about, read };
}

function text(value: string): string {
  return value;
}

function list(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function whole(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new Error(`it takes a whole number from ${min} to ${max}`);
  };
}

function oneOf<const Value extends string>(...values: readonly Value[]): (value: string) => Value {
  return (value) => {
    const found = values.find((one) => one === value);
    if (found !== undefined) return found;
    throw new Error(`it takes ${values.filter((one) => one !== '').join(', ')}`);
  };
}

function baseUrl(value: string): string {
  if (value !== '' && !/^https?:\/\/[^/?#]+(?:\/[^?#]*)?$/.test(value))
    throw new Error('it takes an http or https address without a query');
  return value.replace(/\/+$/, '');
}

function databaseUrl(value: string): string {
  if (value !== '' && !/^postgres(?:ql)?:\/\//.test(value))
    throw new Error('it takes postgres://user:password@host/database');
  return value;
}

function s3Location(value: string) {
  if (value === '') return undefined;
  const url = URL.parse(value);
  const form = 's3://bucket/prefix?region=...&endpoint=https://...';
  if (url?.protocol !== 's3:' || !/^[\w.-]{3,255}$/.test(url.hostname) || url.port !== '' || url.hash !== '')
    throw new Error(`it takes ${form}`);
  if (url.username !== '' || url.password !== '')
    throw new Error('credentials do not belong into it: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  const prefix = url.pathname.replace(/^\//, '').replace(/\/$/, '');
  if (!/^(?:[\w.-]+(?:\/[\w.-]+)*)?$/.test(prefix) || prefix.length > 500)
    throw new Error('its prefix takes letters, digits, and the characters . _ - between single slashes');
  for (const name of url.searchParams.keys())
    if (name !== 'endpoint' && name !== 'region') throw new Error(`it takes ${form}`);
  const region = url.searchParams.get('region') ?? '';
  if (!/^[\w-]*$/.test(region)) throw new Error('its region takes letters, digits and hyphens');
  return {
    bucket: url.hostname,
    prefix: prefix === '' ? '' : `${prefix}/`,
    endpoint: s3Endpoint(url.searchParams.get('endpoint') ?? ''),
    region: region === '' ? undefined : region,
  };
}

function s3Endpoint(value: string): string | undefined {
  if (value === '') return undefined;
  const url = URL.parse(value);
  if (
    url === null ||
    (url.protocol !== 'http:' && url.protocol !== 'https:') ||
    url.search !== '' ||
    url.hash !== ''
  )
    throw new Error('its endpoint takes an http or https address without a query');
  if (url.username !== '' || url.password !== '')
    throw new Error('its endpoint takes no user: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  return url.href.replace(/\/+$/, '');
}
