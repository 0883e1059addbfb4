import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { minuteText } from '../platform/clock.ts';

/** What a link to a file says of itself. It needs no row: the token is signed. */
export interface FileLink {
  /** `upload`: its bytes lie in the slot of `slotOf`. `result`: `id` is a job's, whose row says where its bytes lie. */
  readonly kind: 'upload' | 'result';
  /** 32 hexadecimal digits: 128 random bits of an upload, or the UUID of a job. */
  readonly id: string;
  /** Who owns it; 0 where calls need no key. */
  readonly tenant: number;
  /** Milliseconds since 1970, whole minutes. */
  readonly expiresAt: number;
  /** Which file of a result that has several, from 1; the result itself is the list of them. */
  readonly part?: number | undefined;
}

/** Makes and reads the tokens of `BASE/files/<token>/<label>` and `BASE/upload/<token>/<label>`. */
export interface Links {
  /** Token of a download and source link. */
  file(link: FileLink): string;
  /** Token of a PUT target, valid until `putUntil` (ms since 1970, whole minutes); as a source it stands for the same file. */
  upload(link: FileLink, putUntil: number): string;
  /** Null where the token is not one of ours. Expiry is the caller's to judge. */
  read(token: string): ReadLink | null;
}
export interface ReadLink extends FileLink {
  /** Present on upload tokens alone. */
  readonly putUntil: number | undefined;
}

const kinds = ['upload', 'result'] as const;
const macBytes = 12;
const minuteMs = 60_000;

/** Layout of a token: kind 1, id 16, tenant 4, expiry 4, [put until, or part of a result 4], MAC 12; all of it as base64url. */
export function createLinks(secret: Uint8Array): Links {
  const key = createSecretKey(secret);
  const sign = (body: Uint8Array) => createHmac('sha256', key).update(body).digest().subarray(0, macBytes);
  const seal = (body: Buffer) => Buffer.concat([body, sign(body)]).toString('base64url');
  return {
    file: (link) => seal(encode(link, link.part)),
    upload: (link, putUntil) => seal(encode(link, putUntil / minuteMs)),
    read(token) {
      if (!/^[\w-]{40,64}$/.test(token)) return null;
      const bytes = Buffer.from(token, 'base64url');
      // One text for each token: base64url has spare bits at its end, which must not give a second name to a file.
      if (bytes.toString('base64url') !== token) return null;
      const body = bytes.subarray(0, -macBytes);
      if (!timingSafeEqual(sign(body), bytes.subarray(-macBytes))) return null;
      return decode(body);
    },
  };
}

function encode(link: FileLink, more: number | undefined): Buffer {
  const body = Buffer.alloc(more === undefined ? 25 : 29);
  body.writeUInt8(kinds.indexOf(link.kind), 0);
  body.write(link.id, 1, 'hex');
  body.writeUInt32BE(link.tenant, 17);
  body.writeUInt32BE(link.expiresAt / minuteMs, 21);
  if (more !== undefined) body.writeUInt32BE(more, 25);
  return body;
}

function decode(body: Buffer): ReadLink | null {
  const kind = kinds[body.readUInt8(0)];
  if (kind === undefined || (body.length !== 25 && body.length !== 29)) return null;
  const more = body.length === 29 ? body.readUInt32BE(25) : undefined;
  return {
    kind,
    id: body.toString('hex', 1, 17),
    tenant: body.readUInt32BE(17),
    expiresAt: body.readUInt32BE(21) * minuteMs,
    ...(kind === 'result' && more !== undefined ? { part: more } : {}),
    putUntil: kind === 'upload' && more !== undefined ? more * minuteMs : undefined,
  };
}

/** Where the bytes of an upload lie, or those of one attempt at a job. */
export function slotOf(link: FileLink, attempt?: number): string {
  const slot = `${minuteText(link.expiresAt)}/${link.id}${attempt === undefined ? '' : `-${attempt}`}`;
  return attempt === undefined || link.part === undefined ? slot : partSlot(slot, link.part);
}

/** Where a file of a result lies that has several; `slot` is that of the result. */
export function partSlot(slot: string, part: number): string {
  return `${slot}-${part}`;
}

/** All slots of a result: its own, and those of its files where it has several. */
export function slotsOfResult(slot: string, parts: number): string[] {
  return [slot, ...Array.from({ length: parts }, (_, index) => partSlot(slot, index + 1))];
}

/** Rounds a time up to the whole minutes that a token holds. */
export function wholeMinutes(timeMs: number): number {
  return Math.ceil(timeMs / minuteMs) * minuteMs;
}

/**
 * The last segment of a link, made from a client's file name: folders of both kinds are cut off, and what a query, a comma
 * list or `encodeURI` could change becomes `_`.
 */
export function label(name: string, fallback: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^\.+/, '')
    .slice(-120);
  return /[A-Za-z0-9]/.test(clean) ? clean : fallback;
}

/** The link that `tokenOf` finds the token in. `last`: a label. */
export function linkTo(base: string, kind: 'files' | 'upload', token: string, last: string): string {
  return `${base}/${kind}/${token}/${last}`;
}

const linkForm = /^[^?#]*\/(?:files|upload)\/([\w-]{40,64})(?:\/[^/?#]*)?(?:[?#].*)?$/i;
const fileTokenForm = /^\s*filetoken:\/*([\w-]*)\/?\s*$/i;

/**
 * Finds `<token>` in any link of our form, whatever its host: proxies and `localhost` give one server many names. Also in
 * `filetoken://<token>`.
 */
export function tokenOf(link: string): string | null {
  return (fileTokenForm.exec(link) ?? linkForm.exec(link))?.[1] ?? null;
}

/** Whether it is a link of the form `filetoken://...`, which never leads out of this server. */
export function isFileToken(link: string): boolean {
  return /^\s*filetoken:/i.test(link);
}
