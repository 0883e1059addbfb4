const lengthMax = 255;

/** What a file from elsewhere is called: by its `Content-Disposition`, else by the last part of its link. Hostile text. */
export function nameOf(url: URL, disposition: string | undefined): string {
  const named = disposition === undefined ? '' : fromDisposition(disposition);
  const last = named === '' ? decoded(url.pathname.split('/').at(-1) ?? '') : named;
  return plain(last);
}

/** RFC 6266: `filename*` with its character set before `filename`. */
function fromDisposition(header: string): string {
  const extended = header.match(/;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i)?.[1];
  if (extended !== undefined) return decoded(extended);
  const quoted = header.match(/;\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i)?.[1];
  if (quoted !== undefined) return quoted.replaceAll(/\\(["\\])/g, '$1');
  return header.match(/;\s*filename\s*=\s*([^;\s"]+)/i)?.[1] ?? '';
}

/** The last part of a path, without control characters. */
function plain(text: string): string {
  const last = text.split(/[/\\]/).at(-1) ?? '';
  return [...last.toWellFormed().replaceAll(/\p{C}/gu, '')].slice(0, lengthMax).join('');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
