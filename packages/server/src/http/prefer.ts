import type { IncomingMessage } from 'node:http';

/** What a client prefers of how it is answered (RFC 7240). */
export interface Preferences {
  readonly respondAsync: boolean;
  /** Undefined where nothing is said. */
  readonly waitMs: number | undefined;
}

const lengthMax = 1_000;

/** Reads the header `Prefer`: what is not understood is passed over, and the first of two that differ counts. */
export function preferencesOf({ headers }: IncomingMessage): Preferences {
  const text = String(headers['prefer'] ?? '');
  if (text === '' || text.length > lengthMax) return { respondAsync: false, waitMs: undefined };
  const values = new Map<string, string>();
  for (const [one] of text.matchAll(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g)) {
    const [, name = '', value = ''] = /^\s*([\w.-]+)\s*(?:=\s*"?([^";]*)"?)?\s*(?:;|$)/.exec(one) ?? [];
    if (!values.has(name.toLowerCase())) values.set(name.toLowerCase(), value.trim());
  }
  const wait = values.get('wait') ?? '';
  return {
    respondAsync: values.has('respond-async'),
    waitMs: /^\d{1,6}$/.test(wait) ? Number(wait) * 1_000 : undefined,
  };
}
