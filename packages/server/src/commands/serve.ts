import { type Server, startServer } from '../compose.ts';
import type { Config } from '../config.ts';
import { logOf } from './log.ts';
import { version } from '../version.ts';

const graceMs = 30_000;
const parentLookMs = 500;

/** Runs the server until SIGTERM or SIGINT; gives 0 when everything of ours has ended. */
export async function serve(config: Config): Promise<number> {
  const log = logOf(config);
  // Heard from the first moment on: a signal during the start stops the server once it has started.
  const stopped = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, resolve);
    if (process.env['npm_execpath'] !== undefined) whenParentEnds(() => resolve('end of npm'));
  });
  const server = await startServer(config, log);
  console.log(banner(config, server));
  log.info('stopping', { because: await stopped });
  await server.stop(graceMs);
  return 0;
}

/** `npx` starts a shell that passes no signal on: whoever ends npx means the server. */
function whenParentEnds(act: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, parentLookMs).unref();
}

/** One screen: what a person needs to begin. */
function banner(config: Config, server: Server): string {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['address', server.address],
    ['data', config.dataDir],
    ['files', config.storage && `s3://${config.storage.bucket}/${config.storage.prefix}`],
    ['database', config.databaseUrl === '' ? 'embedded PostgreSQL' : 'PostgreSQL of OCTAVO_DATABASE_URL'],
    ['boxes', server.tier === 'limited' ? 'limited: no network wall, see docs/running.md' : server.tier],
    ['keys', server.needsKeys ? 'each call needs the header x-api-key' : 'none needed (OCTAVO_AUTH=open)'],
    ['first key', server.firstKey && `${server.firstKey}   (shown this once)`],
    ['authority', server.authorityFile && `${server.authorityFile}   (let clients trust it)`],
    ['API page', server.address && `${server.address}/docs`],
  ];
  const shown = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${name.padEnd(10)} ${value}`],
  );
  return [
    `\nOctavo ${version}`,
    ...shown,
    ...(server.address === undefined ? [] : ['', 'Try it:', tryLine(server)]),
    '',
  ].join('\n');
}

function tryLine(server: Server): string {
  const trust = server.authorityFile === undefined ? '' : ` --cacert '${server.authorityFile}'`;
  const key = server.needsKeys ? ` -H 'x-api-key: ${server.firstKey ?? 'YOUR KEY'}'` : '';
  return `  curl -s${trust}${key} '${server.address}/file/upload/get-presigned-url?name=sample.pdf'`;
}
