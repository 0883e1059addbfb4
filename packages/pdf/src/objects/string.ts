/** A string (ISO 32000-2, 7.3.4): its bytes, escapes undone, decrypted where the file is encrypted. */
export class PdfString {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}
