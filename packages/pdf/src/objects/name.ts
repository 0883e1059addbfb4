/** A name (ISO 32000-2, 7.3.5), without its slash and with `#` escapes undone; one character for each byte. */
export class PdfName {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }
}
