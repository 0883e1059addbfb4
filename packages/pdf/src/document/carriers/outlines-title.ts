/** The bytes of a text string (ISO 32000-2, 7.9.2.2): as they are for ASCII, else UTF-16 with its mark. */
export function textString(text: string): Uint8Array {
  // oxlint-disable-next-line no-control-regex
  if (/^[\n\r\t -~]*$/.test(text)) return Buffer.from(text, 'latin1');
  return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
}
