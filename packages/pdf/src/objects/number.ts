/** A number (ISO 32000-2, 7.3.3) with the text it was written as, so that writing it again changes nothing. */
export class PdfNumber {
  readonly text: string;
  /** What the text means, read tolerantly: `--5` is -5, `1.2.3` is 1.2, no digits is 0. */
  readonly value: number;

  constructor(text: string) {
    this.text = text;
    this.value = numberValue(text);
  }
}

/** Reads a number as viewers do: the first sign counts, reading stops at what cannot go on. */
function numberValue(text: string): number {
  const match = /^([+-]*)(\d*\.?\d*)/.exec(text);
  const value = Number.parseFloat(match?.[2] ?? '') || 0;
  return match?.[1]?.startsWith('-') ? 0 - value : value;
}
