import type { IncomingMessage } from 'node:http';
import { Failure } from '../errors.ts';

/**
 * What a call is repeated under (draft-ietf-httpapi-idempotency-key-header): a string in quotes, or as most clients send it without.
 * Undefined where none is sent. Throws `fieldInvalid`.
 */
export function idempotencyKeyOf({ headers }: IncomingMessage): string | undefined {
  const header = headers['idempotency-key'];
  if (header === undefined) return undefined;
  const text = String(header).trim();
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(text)?.[1];
  const key = quoted?.replaceAll(/\\(.)/g, '$1') ?? text;
  if (/^[\x21-\x7e]{1,255}$/.test(key) && (quoted !== undefined || !key.startsWith('"'))) return key;
  throw new Failure('fieldInvalid', {
    field: 'Idempotency-Key',
    expected: 'one header of 1 to 255 visible ASCII characters, with or without quotes around them',
  });
}
