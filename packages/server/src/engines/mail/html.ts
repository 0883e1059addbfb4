import { escaped } from '../writing/markup.ts';
import { isLink, isPicture, isRemote, type Resolve } from './references.ts';
import { cleanStyle } from './style.ts';

/** HTML of a message, fit for a page of ours. */
export interface CleanHtml {
  readonly html: string;
  /** Whether there is anything to be seen. */
  readonly isEmpty: boolean;
  /** Pictures, style sheets and fonts that lie elsewhere. */
  readonly remoteCount: number;
}

/** Elements that show text and pictures. Others go, and what is in them stays. */
const elements = new Set(
  (
    'a abbr acronym address article aside b bdi bdo big blockquote body br caption center cite code col colgroup dd del details dfn dir ' +
    'div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark menu nav nobr ol p pre q rp rt ' +
    'ruby s samp section small span strike strong style sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr'
  ).split(' '),
);
/** What these hold is no text of the page. Where they do not end, nothing follows. */
const unread = new Set('script iframe title noframes noembed textarea xmp plaintext'.split(' '));
const attributes = new Set(
  (
    'abbr align alt axis background bgcolor border cellpadding cellspacing char cite class clear color cols colspan compact datetime dir ' +
    'face frame height href hspace id lang link name noshade nowrap open reversed rowspan rules scope size span src start style summary ' +
    'text title type valign value vlink vspace width'
  ).split(' '),
);
const pictures = new Set(['src', 'background']);

const tagName = /<(\/?)([a-zA-Z][^\s/>]*)/y;
const attribute = /[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)))?/y;
const nameLengthMax = 32;

/**
 * Writes HTML anew with what is known to be harmless. Scripts, frames, forms, links to style sheets and what else acts or loads goes;
 * pictures become data URIs. It reads each character a few times at most, whatever is wrong with it.
 */
export function cleanHtml(html: string, resolve: Resolve): CleanHtml {
  const out: string[] = [];
  let [remoteCount, isEmpty] = [0, true];
  const find: Resolve = (reference) => {
    const found = resolve(reference);
    if (found === undefined && isRemote(reference)) remoteCount++;
    return found;
  };
  for (let at = 0; at < html.length;) {
    const open = html.indexOf('<', at);
    const end = open === -1 ? html.length : open;
    const text = textOf(html.slice(at, end));
    isEmpty &&= /^(?:\s|&nbsp;)*$/.test(text);
    out.push(text);
    if (open === -1) break;
    at = end;
    if (html.startsWith('<!--', at)) {
      at = behind(html, '-->', at + 2);
      continue;
    }
    if (html[at + 1] === '!' || html[at + 1] === '?') {
      at = behind(html, '>', at);
      continue;
    }
    tagName.lastIndex = at;
    const [found, slash, spelled = ''] = tagName.exec(html) ?? [];
    if (found === undefined) {
      out.push('&lt;');
      isEmpty = false;
      at++;
      continue;
    }
    const name = spelled.slice(0, nameLengthMax).toLowerCase();
    const tag = readAttributes(html, at + found.length);
    at = tag.end;
    if (slash === '/') {
      if (elements.has(name) && name !== 'body' && name !== 'style') out.push(`</${name}>`);
      continue;
    }
    if (name === 'link' && /stylesheet/i.test(tag.values.get('rel') ?? ''))
      find(tag.values.get('href') ?? '');
    if (unread.has(name)) at = endOf(html, name, at);
    else if (name === 'style') {
      const to = startOfEnd(html, name, at);
      out.push('<style>', cleanStyle(html.slice(at, to), find), '</style>');
      at = behind(html, '>', to);
    } else if (elements.has(name)) {
      isEmpty &&= name !== 'img';
      out.push(startTag(name, tag.values, find));
    }
  }
  return { html: out.join(''), isEmpty, remoteCount };
}

/** Text as it stands, entities and all: what could begin a tag was looked at. */
function textOf(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}

/** The place behind a text; the end where it does not come any more. */
function behind(html: string, text: string, from: number): number {
  const at = html.indexOf(text, from);
  return at === -1 ? html.length : at + text.length;
}

function startOfEnd(html: string, name: string, from: number): number {
  const end = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
  end.lastIndex = from;
  return end.exec(html)?.index ?? html.length;
}

function endOf(html: string, name: string, from: number): number {
  return behind(html, '>', startOfEnd(html, name, from));
}

interface Tag {
  readonly values: ReadonlyMap<string, string>;
  /** The place behind it. */
  readonly end: number;
}

function readAttributes(html: string, from: number): Tag {
  const values = new Map<string, string>();
  let at = from;
  for (;;) {
    attribute.lastIndex = at;
    const [found, name = '', double, single, bare] = attribute.exec(html) ?? [];
    if (found === undefined) break;
    at = attribute.lastIndex;
    const key = name.slice(0, nameLengthMax).toLowerCase();
    if (!values.has(key)) values.set(key, unescaped(double ?? single ?? bare ?? ''));
  }
  return { values, end: behind(html, '>', at) };
}

function startTag(name: string, values: ReadonlyMap<string, string>, resolve: Resolve): string {
  let text = `<${name}`;
  for (const [key, value] of values) {
    if (!attributes.has(key)) {
      if (key === 'srcset' || key === 'poster') resolve(value);
      continue;
    }
    const kept = keptValue(key, value, resolve);
    if (kept !== undefined) text += ` ${key}="${escaped(kept, true)}"`;
  }
  return `${text}>`;
}

/** What becomes of the value of an attribute; undefined where it goes. */
function keptValue(key: string, value: string, resolve: Resolve): string | undefined {
  if (key === 'style') return cleanStyle(value, resolve);
  if (key === 'href' || key === 'cite') return isLink(value) ? value.trim() : undefined;
  if (!pictures.has(key)) return value;
  const reference = value.trim();
  return isPicture(reference) ? reference : resolve(reference) || undefined;
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  colon: ':',
  Tab: '\t',
  NewLine: '\n',
};

function unescaped(value: string): string {
  if (!value.includes('&')) return value;
  return value.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,8}));?/gi,
    (whole, hex, digits, name) => {
      if (name !== undefined) return named[name as string] ?? whole;
      const code = Number.parseInt((hex ?? digits) as string, hex === undefined ? 10 : 16);
      return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : '';
    },
  );
}
