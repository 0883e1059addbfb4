/** First and last byte that are asked for, both counted. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a Range header (RFC 9110, 14.2). `whole` where there is none, where it is none of ours, or where it asks for several
 * ranges, which a server may answer with everything.
 */
export function readRange(header: string | undefined, sizeBytes: number): ByteRange | 'whole' | 'outside' {
  const match = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '');
  if (match === null) return 'whole';
  const [first, last] = [match[1] as string, match[2] as string];
  if (first === '') return last === '' ? 'whole' : suffix(Number(last), sizeBytes);
  const start = Number(first);
  const end = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== '' && Number(last) < start) return 'whole';
  return start < sizeBytes ? { start, end } : 'outside';
}

function suffix(length: number, sizeBytes: number): ByteRange | 'outside' {
  if (length === 0 || sizeBytes === 0) return 'outside';
  return { start: Math.max(0, sizeBytes - length), end: sizeBytes - 1 };
}
