/** Whether a byte is white space in a PDF file: NUL, TAB, LF, FF, CR or SPACE (ISO 32000-2, 7.2.3). */
export function isWhiteSpace(byte: number): boolean {
  return byte === 0 || byte === 9 || byte === 10 || byte === 12 || byte === 13 || byte === 32;
}
