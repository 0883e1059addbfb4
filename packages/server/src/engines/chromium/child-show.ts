import { readFileSync, statSync } from 'node:fs';
import { Refused } from '../../sandbox/refusal.ts';
import type { Files } from '../../sandbox/child.ts';
import { drawMacros } from '../barcodes/child-macro.ts';
import type { Bridge, Verdict } from './child-bridge.ts';
import { readData } from './child-data.ts';
import { fill } from './child-fill.ts';
import { Declined } from './child-protocol.ts';
import type { Served, Tab, TabRules } from './child-tab.ts';
import { isSvg, textOf } from './child-text.ts';
import { type AskedPage, type BrowseLimits, type BrowseRequest, dataName, htmlName } from './messages.ts';

/** A page at a name that no host has. Not of TLS: it may then load from both kinds of links. */
const link = 'http://page.invalid/';
const shownMax = 5;
const lengthMax = 200;

/** Opens the page that was asked for, and waits until it is as it will be shown. Gives warnings. Throws Refused. */
export async function show(
  tab: Tab,
  bridge: Bridge,
  { page, browsing, limits }: BrowseRequest,
  files: Files,
): Promise<string[]> {
  const until = performance.now() + (browsing.loadMsMax ?? limits.loadMs);
  const warnings: string[] = [];
  const media = browsing.media === 'none' ? '' : browsing.media;
  await tab.send('Emulation.setEmulatedMedia', { media });
  if (page.kind === 'link') await openLink(tab, bridge, page, until);
  else {
    const served = await prepare(tab, page, files, limits, warnings);
    bridge.isOpen = page.isOnline;
    await tab.go(link, { served, isOnline: page.isOnline }, until - performance.now());
  }
  if (!(await isLoaded(tab, page, browsing.waitsForAll, until))) {
    warnings.push('The page was still loading when its time was over: what was there by then is shown.');
    await tab.stop();
  }
  if (page.kind === 'html' && page.isPicture && (await tab.evaluate(hasPicture, limits.scriptMs)) !== true)
    throw new Refused('picture', 'the browser does not show it');
  if (browsing.script !== '') await runScript(tab, browsing.script, limits, warnings);
  warnings.push(...missing(tab.failed));
  return warnings;
}

async function isLoaded(tab: Tab, page: AskedPage, waitsForAll: boolean, until: number): Promise<boolean> {
  if (!(await tab.reaches(waitsForAll ? 'load' : 'DOMContentLoaded', until))) return false;
  if (!waitsForAll) return true;
  // What has neither scripts nor pictures is there with its own text.
  const mayGoOn = page.kind === 'link' || tab.hasAsked || (await hasScripts(tab));
  return !mayGoOn || tab.isQuiet(until);
}

async function hasScripts(tab: Tab): Promise<boolean> {
  return (
    (await tab.evaluate('document.scripts.length>0||!!document.querySelector("[onload]")', 1_000)) === true
  );
}

/** The page as it is served: filled in, with its barcodes. */
async function prepare(
  tab: Tab,
  { isTemplate, hasData, isPicture }: Extract<AskedPage, { kind: 'html' }>,
  files: Files,
  limits: BrowseLimits,
  warnings: string[],
): Promise<Served> {
  let text = readText(files, htmlName, limits);
  if (isPicture) return { link, type: 'text/html; charset=utf-8', bytes: Buffer.from(withPicture(text)) };
  if (isTemplate) {
    const data = hasData ? readData(readText(files, dataName, limits)) : {};
    text = await fill(tab, text, data, limits.scriptMs);
  }
  if (text.includes('[[barcode:')) {
    const drawn = drawMacros(text);
    warnings.push(...drawn.warnings);
    text = drawn.html;
  }
  const type = isSvg(text) ? 'image/svg+xml' : 'text/html';
  return { link, type: `${type}; charset=utf-8`, bytes: Buffer.from(text) };
}

/** What is an `img` runs no scripts and loads nothing, and stays made of lines. */
function withPicture(svg: string): string {
  const style = 'position:fixed;inset:0;width:100%;height:100%';
  const data = Buffer.from(svg.replace(/^\uFEFF/, '')).toString('base64');
  return `<!doctype html><style>body{margin:0}</style><img style="${style}" src="data:image/svg+xml;charset=utf-8;base64,${data}">`;
}

const hasPicture = 'document.images[0]?.complete===true&&document.images[0].naturalWidth>0';

function readText(files: Files, name: string, { htmlBytesMax }: BrowseLimits): string {
  const path = files.input(name);
  if (statSync(path).size > htmlBytesMax) throw new Refused('limit', 'its text is too long');
  return textOf(readFileSync(path));
}

const webTypes = /^(?:text\/|image\/|application\/(?:xhtml\+xml|xml|json))/;

async function openLink(
  tab: Tab,
  bridge: Bridge,
  { link: asked, username, password }: Extract<AskedPage, { kind: 'link' }>,
  until: number,
): Promise<void> {
  bridge.isOpen = true;
  const { origin } = new URL(asked);
  const login: TabRules['login'] =
    username === '' && password === '' ? undefined : { origin, username, password };
  const failed = await tab.go(asked, { isOnline: true, ...(login && { login }) }, until - performance.now());
  const { status = 0, mimeType = '' } = tab.main ?? {};
  const isRefused = failed !== undefined || status >= 400;
  const verdict = isRefused ? verdictOf(bridge, tab.asked) : undefined;
  if (verdict === 'refused') throw new Refused('refused', '');
  if (verdict !== undefined) throw new Refused('unreachable', 'the connection failed');
  if (status >= 400) throw new Refused('unreachable', `it answered ${status}`);
  if (failed !== undefined) throw new Refused('unreachable', reasonOf(failed));
  if (!webTypes.test(mimeType)) throw new Refused('unreachable', 'it is not a page');
}

/** What the proxy said of the host of a link. */
function verdictOf({ verdicts }: Bridge, asked: string): Verdict | undefined {
  const url = URL.parse(asked);
  return url === null ? undefined : (verdicts.get(url.host) ?? verdicts.get(`${url.hostname}:443`));
}

const reasons: readonly (readonly [names: RegExp, reason: string])[] = [
  [/CERT|SSL/, 'its certificate is not valid, or it speaks no TLS'],
  [/TIMED_OUT/, 'it did not answer in time'],
  [/TOO_MANY_REDIRECTS/, 'it redirects too often'],
  [/UNSAFE_REDIRECT|UNKNOWN_URL_SCHEME|DISALLOWED/, 'it redirects to something that is no page'],
  [/AUTH|UNAUTHORIZED/, 'it asks for a user name and a password'],
  [/ABORTED/, 'it is not a page'],
  [/INVALID|EMPTY_RESPONSE|RESPONSE_HEADERS|CONTENT|HTTP2/, 'it does not speak HTTP as it should'],
];

function reasonOf(name: string): string {
  return reasons.find(([names]) => names.test(name))?.[1] ?? 'the connection failed';
}

async function runScript(tab: Tab, script: string, limits: BrowseLimits, warnings: string[]): Promise<void> {
  try {
    await tab.evaluate(script, limits.scriptMs);
    if (!(await tab.isQuiet(performance.now() + limits.scriptMs))) await tab.stop();
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    warnings.push(`The script of the call failed: ${error.message.slice(0, lengthMax)}`);
    await tab.stop();
  }
}

/** What could not be loaded, by hosts: links may hold secrets. */
function missing(links: readonly string[]): string[] {
  if (links.length === 0) return [];
  const own = new URL(link).host;
  const hosts = [...new Set(links.map((one) => URL.parse(one)?.host ?? ''))].filter((host) => host !== '');
  const named = hosts.map((host) => (host === own ? 'links without a host' : host)).slice(0, shownMax);
  const more = hosts.length > shownMax ? `, and ${hosts.length - shownMax} more` : '';
  const what = links.length === 1 ? '1 file of the page' : `${links.length} files of the page`;
  return [`${what} could not be loaded: ${named.join(', ').slice(0, lengthMax)}${more}.`];
}
