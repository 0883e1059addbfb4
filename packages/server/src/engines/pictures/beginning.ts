/** The beginning of a file as text: by its mark, else as bytes, of which the markup that is looked for has only those of ASCII. */
export function asText(bytes: Buffer): string {
  const mark = bytes.toString('hex', 0, 3);
  if (mark === 'efbbbf') return bytes.toString('utf8', 3);
  const even = bytes.subarray(2, bytes.length & ~1);
  if (mark.startsWith('fffe')) return even.toString('utf16le');
  if (mark.startsWith('feff')) return Buffer.from(even).swap16().toString('utf16le');
  return bytes.toString('latin1');
}
