import { decodeText } from './text.ts';

/** Reads `form-data; name="url"; filename="a.pdf"` (RFC 7578), or the same with `attachment`. */
export function readDisposition(value: string): { name: string | null; fileName: string | null } {
  const parameters = new Map<string, string>();
  for (const [, name, quoted, bare] of value.matchAll(/;\s*([\w*-]+)\s*=\s*(?:"((?:\\"|[^"])*)"|([^;]*))/g)) {
    const key = (name as string).toLowerCase();
    if (!parameters.has(key))
      parameters.set(key, quoted === undefined ? (bare ?? '').trim() : unquote(quoted));
  }
  return {
    name: parameters.get('name') ?? null,
    fileName: extended(parameters.get('filename*')) ?? parameters.get('filename') ?? null,
  };
}

/** Headers arrive as Latin-1 here, and are UTF-8 in fact. A backslash stays: Windows programs send whole paths. */
function unquote(text: string): string {
  return decodeText(Buffer.from(text.replaceAll('\\"', '"'), 'latin1'));
}

/** `utf-8''na%C3%AFve.pdf` (RFC 8187). */
function extended(value: string | undefined): string | null {
  const encoded = /^utf-8'[^']*'(.*)$/i.exec(value ?? '')?.[1];
  try {
    return encoded === undefined ? null : decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
