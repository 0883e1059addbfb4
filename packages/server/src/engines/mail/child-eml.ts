import PostalMime, { type Address, type Attachment, type Email } from 'postal-mime';
import { Refused } from '../../sandbox/refusal.ts';
import { isoDate, type Message, type Part, type Person } from './message.ts';

/** Bytes of the heads of a message and its parts together, and levels of parts in parts. */
const [headBytesMax, depthMax] = [1024 * 1024, 64];
/** Lines, and those of them that could begin a part: each costs memory, however short it is. */
const [linesMax, boundariesMax] = [2_500_000, 10_000];
/** One of these has every message. */
const heads = new Set(
  'from to cc subject date received message-id mime-version content-type return-path delivered-to reply-to'.split(
    ' ',
  ),
);
/** Types of parts that are the message itself, so that nothing of it can be shown. */
const wrapped = /^(?:application\/(?:x-)?pkcs7-mime|multipart\/encrypted|application\/pgp-encrypted)$/;

/** Reads a message of the internet (RFC 5322, with MIME). What is in it as a message stays a file. Throws Refused. */
export async function readEml(bytes: Buffer): Promise<Message> {
  const started = bytes.subarray(startOf(bytes));
  assertBounded(started);
  const parser = new PostalMime({
    forceRfc822Attachments: true,
    maxNestingDepth: depthMax,
    maxHeadersSize: headBytesMax,
  });
  const email = await parser.parse(readableHead(started)).catch((error: unknown) => {
    // The parser throws for its own limits alone.
    if (error instanceof Error && error.message.startsWith('Maximum'))
      throw new Refused('limit', error.message);
    throw error;
  });
  if (!email.headers.some(({ key }) => heads.has(key))) throw new Refused('mail', 'it has no head');
  const nodes = nodesOf(parser);
  const parts = email.attachments.map((attachment, index) => partOf(attachment, index, nodes));
  const isWrapped = !email.html && !email.text && parts.some(({ mediaType }) => wrapped.test(mediaType));
  return {
    from: people(email.from ? [email.from] : email.sender ? [email.sender] : []),
    to: people(email.to),
    cc: people(email.cc),
    bcc: people(email.bcc),
    date: headerOf(email, 'date'),
    subject: email.subject ?? '',
    html: email.html ?? '',
    text: email.text ?? '',
    parts,
    warnings: isWrapped ? ['The message is encrypted, or signed as a whole: its text was not read.'] : [],
  };
}

/** Where the head begins: behind a mark of UTF-8, empty lines, and the first line of a mailbox file. */
function startOf(bytes: Buffer): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (bytes[at] === 0x0d || bytes[at] === 0x0a) at++;
  return bytes.toString('latin1', at, at + 5) === 'From ' ? bytes.indexOf(0x0a, at) + 1 : at;
}

/** Throws Refused where there are so many lines that reading them would fill the memory. */
function assertBounded(bytes: Buffer): void {
  let [lines, boundaries] = [0, 0];
  for (let at = 0; at !== 0 || lines === 0; lines++) {
    if (bytes[at] === 0x2d && bytes[at + 1] === 0x2d) boundaries++;
    if (lines > linesMax || boundaries > boundariesMax)
      throw new Refused('limit', 'a message of too many lines or parts');
    at = bytes.indexOf(0x0a, at) + 1;
  }
}

/** The message with a head in UTF-8, as it is read: old programs wrote other characters there as they were. */
function readableHead(bytes: Buffer): Buffer {
  const ends = [bytes.indexOf('\n\n'), bytes.indexOf('\r\n\r\n')].filter((end) => end !== -1);
  const head = bytes.subarray(0, Math.min(...ends, headBytesMax, bytes.length));
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head);
    return bytes;
  } catch {
    return Buffer.concat([
      Buffer.from(new TextDecoder('windows-1252').decode(head)),
      bytes.subarray(head.length),
    ]);
  }
}

/** What the parser keeps of a part, and does not tell. */
interface Node {
  readonly childNodes: readonly Node[];
  readonly content: unknown;
  readonly headers: Email['headers'];
  readonly contentDisposition: { readonly parsed: { readonly params: Readonly<Record<string, string>> } };
}

/** The parts of a message, by their content. */
function nodesOf(parser: PostalMime): Map<unknown, Node> {
  const { root } = parser as unknown as { readonly root: Node };
  const nodes = new Map<unknown, Node>();
  const add = (node: Node): void => {
    nodes.set(node.content, node);
    for (const child of node.childNodes) add(child);
  };
  add(root);
  return nodes;
}

function partOf(attachment: Attachment, index: number, nodes: ReadonlyMap<unknown, Node>): Part {
  const { filename, mimeType, content, contentId = '', disposition } = attachment;
  const node = nodes.get(content);
  const location = node?.headers.find(({ key }) => key === 'content-location')?.value ?? '';
  return {
    name: filename?.trim() || nameFor(mimeType, index),
    mediaType: mimeType,
    content: typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content),
    contentId: contentId.trim().replace(/^<|>$/g, ''),
    location: location.replaceAll(/\s/g, ''),
    isAttached: disposition === 'attachment',
    modified: isoDate(node?.contentDisposition.parsed.params['modification-date'] ?? ''),
  };
}

/** Extensions of what often comes without a name. */
const extensions: Readonly<Record<string, string>> = {
  'message/rfc822': 'eml',
  'text/calendar': 'ics',
  'text/html': 'html',
  'text/plain': 'txt',
  'text/csv': 'csv',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'application/pdf': 'pdf',
  'application/ms-tnef': 'dat',
};

function nameFor(mediaType: string, index: number): string {
  const extension = extensions[mediaType];
  return `attachment-${index + 1}${extension === undefined ? '' : `.${extension}`}`;
}

function people(addresses: readonly Address[] = []): Person[] {
  return addresses.flatMap(({ name, address, group }) => group ?? [{ name, address: address ?? '' }]);
}

function headerOf({ headers }: Email, name: string): string {
  return headers.find(({ key }) => key === name)?.value ?? '';
}
