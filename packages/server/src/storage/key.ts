import { hash, randomBytes } from 'node:crypto';

/**
 * A slot is `<expiry minute>/<name>`, as `links/` makes it. Each write makes a version of it, whose key is
 * `<slot>.<version>.<SHA-256 of its bytes>`: it says which bytes it means, and they never change. Versions sort by their time.
 */
const slotForm = /^\d{12}\/[0-9a-z-]{1,100}$/;
const keyForm = /^(\d{12}\/[0-9a-z-]{1,100})\.([0-9a-z]{20})\.([0-9a-f]{64})$/;

const timeDigits = 9;
const stampDigits = 7;
const randomDigits = 4;

/** What a key says of itself. */
export interface KeyParts {
  readonly slot: string;
  readonly version: string;
  readonly sha256: string;
}

/** Null for what is no key. */
export function readKey(key: string): KeyParts | null {
  const [, slot, version, sha256] = keyForm.exec(key) ?? [];
  return slot === undefined || version === undefined || sha256 === undefined
    ? null
    : { slot, version, sha256 };
}

/** When this version was made. */
export function timeOf(version: string): Date {
  return new Date(Number.parseInt(version.slice(0, timeDigits), 36));
}

/** Throws where it is none: keys come from tokens and rows of ours, so that is a bug. */
export function partsOf(key: string): KeyParts {
  const parts = readKey(key);
  if (parts === null) throw new Error(`Not a key: ${key}`);
  return parts;
}

/** Throws where it is none. */
export function assertSlot(slot: string): void {
  if (!slotForm.test(slot)) throw new Error(`Not a slot: ${slot}`);
}

/**
 * A new version of this time, which says by 7 digits what it was made of. Nobody makes the same one, though others make a version of the
 * same at the same time.
 */
export function stampedVersion(timeMs: number, stamp: string): string {
  const random = randomBytes(4).readUInt32BE() % 36 ** randomDigits;
  return digits(timeMs, timeDigits) + stamp + digits(random, randomDigits);
}

export function stampIn(version: string): string {
  return version.slice(timeDigits, timeDigits + stampDigits);
}

/** The stamp of what has this text as its tag. */
export function stampOf(tag: string): string {
  const number = hash('sha256', tag, 'buffer').readUIntBE(0, 6) % 36 ** stampDigits;
  return digits(number, stampDigits);
}

function digits(number: number, count: number): string {
  return number.toString(36).padStart(count, '0');
}

let lastMs = 0;
let sameMs = 0;

/** A key of the slot that no version had before. Of two that one process makes, the later one is the larger text. */
export function newKey(slot: string, sha256: string): string {
  const now = Math.max(Date.now(), lastMs);
  sameMs = now === lastMs ? sameMs + 1 : 0;
  lastMs = now;
  const time = digits(now, timeDigits) + digits(sameMs, 4);
  return `${slot}.${time}${digits(randomBytes(4).readUInt32BE(), 7)}.${sha256}`;
}
