/** Most bytes of a message, in either direction. */
export const messageBytesMax = 1024 * 1024;

/** One message to a child: its length in four bytes, then JSON. */
export function frame(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  if (body.length > messageBytesMax) throw new Error('The message to a box is too long.');
  const bytes = Buffer.allocUnsafe(4 + body.length);
  bytes.writeUInt32LE(body.length);
  body.copy(bytes, 4);
  return bytes;
}

/** Takes the answer of a child apart. Bytes come from a hostile place: whatever is not one whole JSON object throws. */
export class FrameReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** The message, once its last byte is there. */
  push(chunk: Buffer): Record<string, unknown> | undefined {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    if (this.#bytes.length < 4) return undefined;
    const length = this.#bytes.readUInt32LE();
    if (length > messageBytesMax) throw new Error('an answer that is too long');
    if (this.#bytes.length > 4 + length) throw new Error('more than an answer');
    if (this.#bytes.length < 4 + length) return undefined;
    const message: unknown = JSON.parse(this.#bytes.toString('utf8', 4));
    this.#bytes = Buffer.alloc(0);
    if (typeof message !== 'object' || message === null) throw new Error('an answer that is no object');
    return message as Record<string, unknown>;
  }
}
