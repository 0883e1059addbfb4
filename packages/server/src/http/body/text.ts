const utf8 = new TextDecoder('utf-8', { fatal: true });
const oldWindows = new TextDecoder('windows-1252');

/** Text as UTF-8 without its byte order mark; what is no UTF-8 comes from an old Windows program. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return oldWindows.decode(bytes);
  }
}

/** Whether these first bytes of a value are a document rather than a text. */
export function looksBinary(head: Uint8Array): boolean {
  if (head.includes(0) || Buffer.from(head.buffer, head.byteOffset, 5).toString('latin1') === '%PDF-')
    return true;
  try {
    // As a stream, since the head may end within a character.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return false;
  } catch {
    return true;
  }
}
