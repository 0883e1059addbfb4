import { kindOf } from '../pictures/picture-kind.ts';
import { escaped } from '../writing/markup.ts';
import { cleanHtml } from './html.ts';
import type { Message, Part, Person } from './message.ts';
import type { MailLimits } from './messages.ts';
import type { Resolve } from './references.ts';

/** A message as a page, and what is attached to it besides. */
export interface MailPage {
  readonly html: string;
  readonly attached: readonly Part[];
  readonly warnings: readonly string[];
}

/** What the page may load: nothing that is not in it. It stands first, so that it holds for all that follows. */
const policy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'";
const style = `
body { margin: 0; font: 11pt/1.4 sans-serif; overflow-wrap: break-word; }
pre.octavo-text { font: inherit; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
table.octavo-head { border-collapse: collapse; border-bottom: 1px solid #999; margin: 0 0 12pt; width: 100%; font: 10pt/1.4 sans-serif; }
table.octavo-head th { text-align: left; vertical-align: top; white-space: nowrap; padding: 0 10pt 2pt 0; color: #555; font-weight: normal; }
table.octavo-head td { width: 100%; padding: 0 0 2pt; overflow-wrap: anywhere; }
table.octavo-head tr:last-child > * { padding-bottom: 8pt; }
img { max-width: 100%; }`;
/** Characters of one line of the head, and people and attachments in it. */
const [lineMax, listMax] = [2_000, 200];

/** Writes the page of a message: a head, and its body with the pictures that it has with it. */
export function writePage(message: Message, limits: MailLimits): MailPage {
  const pictures = new Pictures(message.parts, limits.pageBytesMax);
  const { html: body, remoteCount } = bodyOf(message, pictures.resolve);
  const others = message.parts.filter((part) => part.isAttached || !pictures.shown.has(part));
  const attached = others.slice(0, limits.attachmentsMax);
  const { subject } = message;
  const warnings = [
    ...(remoteCount > 0
      ? [`Pictures and styles that lie elsewhere are not fetched for mail: ${remoteCount} were left out.`]
      : []),
    ...(pictures.leftOut > 0
      ? [`The message shows its pictures too often: ${pictures.leftOut} were left out.`]
      : []),
    ...(others.length > attached.length
      ? [`Only the first ${attached.length} of ${others.length} attachments are taken.`]
      : []),
  ];
  const html =
    `<!DOCTYPE html>\n<html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">` +
    `<meta name="referrer" content="no-referrer"><title>${escaped(subject.slice(0, lineMax))}</title><style>${style}\n</style></head>\n` +
    `<body>\n${headOf(message, attached)}\n${body}\n</body></html>\n`;
  return { html, attached, warnings };
}

function bodyOf({ html, text }: Message, resolve: Resolve): { html: string; remoteCount: number } {
  const clean = html.trim() === '' ? undefined : cleanHtml(html, resolve);
  // Some programs leave an empty page beside the text.
  if (clean?.isEmpty === false || text.trim() === '') return clean ?? { html: '', remoteCount: 0 };
  return { html: `<pre class="octavo-text">${linked(text)}</pre>`, remoteCount: 0 };
}

/** The pictures of a message, by what its page calls them. */
class Pictures {
  readonly shown = new Set<Part>();
  /** References for which there was no room. */
  leftOut = 0;
  readonly #byReference = new Map<string, Part>();
  #bytesLeft: number;

  constructor(parts: readonly Part[], bytesMax: number) {
    this.#bytesLeft = bytesMax;
    for (const part of parts)
      for (const reference of [part.contentId && `cid:${part.contentId}`, part.location])
        if (reference !== '' && !this.#byReference.has(reference)) this.#byReference.set(reference, part);
  }

  readonly resolve: Resolve = (reference) => {
    const part = this.#byReference.get(reference) ?? this.#byReference.get(decoded(reference));
    const mediaType = part && pictureType(part);
    if (part === undefined || mediaType === undefined) return undefined;
    this.shown.add(part);
    this.#bytesLeft -= part.content.length * (4 / 3);
    if (this.#bytesLeft < 0) {
      this.leftOut++;
      return '';
    }
    const { buffer, byteOffset, length } = part.content;
    return `data:${mediaType};base64,${Buffer.from(buffer, byteOffset, length).toString('base64')}`;
  };
}

/** A reference to a part, as the part itself is called. */
function decoded(reference: string): string {
  const plain = reference.replace(/^cid:/i, 'cid:');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

function pictureType({ mediaType, content }: Part): string | undefined {
  if (/^image\/[\w.+-]+$/i.test(mediaType)) return mediaType;
  const kind = kindOf(Buffer.from(content.buffer, content.byteOffset, Math.min(12, content.length)));
  return kind && `image/${kind}`;
}

function headOf(message: Message, attached: readonly Part[]): string {
  const rows: readonly (readonly [label: string, value: string])[] = [
    ['From', listed(message.from.map(shown))],
    ['To', listed(message.to.map(shown))],
    ['Cc', listed(message.cc.map(shown))],
    ['Bcc', listed(message.bcc.map(shown))],
    ['Date', message.date],
    ['Subject', message.subject],
    ['Attachments', listed(attached.map(({ name, content }) => `${name} (${sizeText(content.length)})`))],
  ];
  const cells = rows
    .filter(([label, value]) => value.trim() !== '' || label === 'Subject')
    .map(([label, value]) => `<tr><th>${label}</th><td>${escaped(value.slice(0, lineMax * 10))}</td></tr>`);
  return `<table class="octavo-head">${cells.join('\n')}</table>`;
}

function shown({ name, address }: Person): string {
  const [short, whole] = [name, address].map((text) => text.slice(0, lineMax));
  if (short === '' || whole === '') return short || whole || '';
  return `${short} <${whole}>`;
}

function listed(all: readonly string[]): string {
  const rest = all.length - listMax;
  return [...all.slice(0, listMax), ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / (1024 * 1024)).toFixed(1)} MB`;
}

const link = /\bhttps?:\/\/[^\s<>"'\p{Cc}]{1,2000}/gu;

/** Text as HTML, with its links. */
function linked(text: string): string {
  const out: string[] = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(link)) {
    const address = found.replace(/[.,;:!?)\]}]{1,10}$/, '');
    out.push(escaped(text.slice(at, index)), `<a href="${escaped(address, true)}">${escaped(address)}</a>`);
    at = index + address.length;
  }
  out.push(escaped(text.slice(at)));
  return out.join('');
}
