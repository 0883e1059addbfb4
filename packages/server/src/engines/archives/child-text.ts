import type { FileKind } from '../capabilities.ts';
import { asText } from '../pictures/beginning.ts';
import { isPlainByName, kindByName } from './extensions.ts';

/** The beginning of a file as text; undefined where it is none: NUL, or many other characters that no text has. */
export function textOf(beginning: Buffer): string | undefined {
  const text = asText(beginning);
  let odd = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0) return undefined;
    // Of the lowest, blanks, line ends and ESC are found in texts.
    if (code < 9 || (code > 13 && code < 27) || (code > 27 && code < 32) || code === 127) odd++;
  }
  return text === '' || odd * 20 > text.length ? undefined : text;
}

/** What a text is by how it begins; undefined where that does not tell. */
export function kindOfText(text: string, name: string): FileKind | undefined {
  const { rest, heads } = afterProlog(text);
  const root = /^<(?:[\w.-]{1,40}:)?([a-z][\w.-]{0,60})(?=[\s/>])/i.exec(rest)?.[1]?.toLowerCase();
  const doctype = /<!doctype\s+([\w:.-]{1,60})/i.exec(heads)?.[1]?.toLowerCase();
  if (root === 'svg' || (root === undefined && doctype === 'svg')) return 'svg';
  if (doctype === 'html' || (root !== undefined && pages.has(root))) return 'html';
  if (root !== undefined && heads.includes('<?xml')) return kindOfXml(root, heads + rest);
  if (root !== undefined && parts.has(root) && !isPlainByName(name)) return 'html';
  return isMail(rest, name) ? 'mail' : undefined;
}

/** Elements that only pages of HTML begin with, and those that parts of pages do. */
const pages = new Set('html head body title meta'.split(' '));
const parts = new Set(
  'a abbr address article aside b base blockquote br button center code dd details div dl em fieldset figure font footer form h1 h2 h3 h4 h5 h6 header hr i iframe img input label li link main nav ol p pre script section small span strong style sub sup table tbody td template tr u ul video'.split(
    ' ',
  ),
);

/** What follows declarations, comments and the type of a document, and these: as far as they end in what was read. */
function afterProlog(text: string): { rest: string; heads: string } {
  let at = 0;
  for (;;) {
    at += /^\s*/.exec(text.slice(at, at + 4_096))?.[0].length ?? 0;
    const end = endOfProlog(text, at);
    if (end <= at) return { rest: text.slice(at), heads: text.slice(0, at) };
    at = end;
  }
}

/** Where a declaration, a comment or the type of a document ends that begins here; here where none does. */
function endOfProlog(text: string, at: number): number {
  const behind = (end: string, from = at): number => {
    const found = text.indexOf(end, from);
    return found < 0 ? text.length : found + end.length;
  };
  if (text.startsWith('<?', at)) return behind('?>');
  if (text.startsWith('<!--', at)) return behind('-->', at + 4);
  if (!/^<!doctype\b/i.test(text.slice(at, at + 10))) return at;
  const [close, open] = [behind('>'), text.indexOf('[', at)];
  return open >= 0 && open < close ? behind('>', behind(']', open)) : close;
}

/** Documents of office programs that are one file of XML: by the program that they name, their type, or their root. */
function kindOfXml(root: string, beginning: string): FileKind | undefined {
  const said = /progid="(\w{1,40})\./.exec(beginning)?.[1]?.toLowerCase();
  const type = /office:mimetype="application\/vnd\.oasis\.opendocument\.(\w{1,40})/.exec(beginning)?.[1];
  if (said === 'excel' || type === 'spreadsheet') return 'workbook';
  if (said === 'word' || said === 'powerpoint' || type !== undefined) return 'office';
  if (root === 'worddocument' || beginning.includes('schemas.microsoft.com/office/2006/xmlPackage'))
    return 'office';
  return root === 'workbook' && beginning.includes('urn:schemas-microsoft-com:office:spreadsheet')
    ? 'workbook'
    : undefined;
}

/** Heads that messages have (RFC 5322), and those of them that little else has. */
const headNames =
  /^(?:from|to|cc|subject|date|sender|reply-to|received|return-path|message-id|mime-version|delivered-to|x-[\w-]+|dkim-signature|authentication-results|content-type)$/;
const rareNames = /^(?:received|return-path|message-id|mime-version|delivered-to|dkim-signature|x-.+)$/;
const linesMax = 200;

/** Whether a text begins with the heads of a message: one that is rare, or one with a sender, and another; or a name says so. */
function isMail(text: string, name: string): boolean {
  const found = new Set<string>();
  for (const [index, line] of text.split(/\r?\n|\r/, linesMax).entries()) {
    if (index === 0 && line.startsWith('From ')) continue;
    if (/^[ \t]/.test(line) && found.size > 0) continue;
    const head = /^([!-9;-~]{1,80})[ \t]*:/.exec(line)?.[1]?.toLowerCase();
    if (head === undefined) break;
    if (headNames.test(head)) found.add(head);
  }
  if (kindByName(name) === 'mail') return found.size > 0;
  if (isPlainByName(name)) return false;
  const isSent = found.has('from') || [...found].some((head) => rareNames.test(head));
  return isSent && found.size > 1;
}
