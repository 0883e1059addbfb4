/** What can be wrong with a document or with what was asked of it. */
export type PdfErrorCode =
  /** No PDF header or structure: another kind of file, or nothing. */
  | 'not-pdf'
  /** A PDF that cannot be repaired: no catalog or no page is left. */
  | 'damaged'
  /** Encrypted, and the password given does not open it. */
  | 'password'
  /** A password that is to be set has characters that cannot be encoded, or is too long. */
  | 'new-password'
  /** Encrypted by a handler or a version that is not supported. */
  | 'unsupported-encryption'
  /** Reading it would pass one of the limits. */
  | 'limit'
  /** What was asked for is no page range, or leaves no page. */
  | 'page-range'
  /** A page that the document does not have. */
  | 'page-index';

/** The only error that this package throws on account of its input. */
export class PdfError extends Error {
  override readonly name = 'PdfError';
  readonly code: PdfErrorCode;
  /** Position of the input among the inputs of the verb, 0 based, where known. */
  input: number | undefined;

  constructor(code: PdfErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
