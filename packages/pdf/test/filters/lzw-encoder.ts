/**
 * Encodes bytes as LZWDecode reads them (ISO 32000-2, 7.4.4.2), to test the decoder at every change of the width. A
 * full table is cleared, or kept as it is.
 */
export function encodeLzw(
  bytes: Uint8Array,
  earlyChange: 0 | 1,
  whenFull: 'clear' | 'keep' = 'clear',
): Uint8Array {
  const codes: [code: number, width: number][] = [[256, 9]];
  let table = new Map<string, number>();
  let next = 258;
  let prefix = '';
  for (const byte of bytes) {
    const longer = prefix + String.fromCharCode(byte);
    if (longer.length === 1 || table.has(longer)) {
      prefix = longer;
      continue;
    }
    codes.push([codeOf(prefix, table), widthFor(next + earlyChange - 1)]);
    if (next < 4096) table.set(longer, next++);
    prefix = String.fromCharCode(byte);
    if (next === 4095 && whenFull === 'clear') {
      codes.push([256, 12]);
      table = new Map();
      next = 258;
    }
  }
  if (prefix) codes.push([codeOf(prefix, table), widthFor(next + earlyChange - 1)]);
  // The last string gave the decoder one entry more.
  codes.push([257, widthFor(next + earlyChange)]);
  return pack(codes);
}

function codeOf(text: string, table: ReadonlyMap<string, number>): number {
  return text.length === 1 ? text.charCodeAt(0) : table.get(text)!;
}

/** The encoder is one entry ahead of the decoder, hence `next - 1` above. */
function widthFor(next: number): number {
  return next < 512 ? 9 : next < 1024 ? 10 : next < 2048 ? 11 : 12;
}

function pack(codes: readonly [code: number, width: number][]): Uint8Array {
  const bits = codes.map(([code, width]) => code.toString(2).padStart(width, '0')).join('');
  return Uint8Array.from(bits.match(/.{1,8}/g) ?? [], (byte) => parseInt(byte.padEnd(8, '0'), 2));
}
