/** Most bytes of a message, in either direction. */
export const messageBytesMax = 1024 * 1024;

/** How often a child says at most that it has done a step: by a message without bytes. */
export const stepEveryMs = 500;
/** Steps of one call that are heard: more come from nobody who counts them. */
const stepsMax = 10_000;

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
  /** Since the last message. */
  #steps = 0;

  /** Whether steps were done, and the message, once its last byte is there. */
  push(chunk: Buffer): {
    readonly hasStepped: boolean;
    readonly message: Record<string, unknown> | undefined;
  } {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const hasStepped = this.#takeSteps();
    return { hasStepped, message: this.#take() };
  }

  #takeSteps(): boolean {
    let at = 0;
    while (this.#bytes.length >= at + 4 && this.#bytes.readUInt32LE(at) === 0) at += 4;
    this.#steps += at / 4;
    if (this.#steps > stepsMax) throw new Error('more steps than there are');
    this.#bytes = this.#bytes.subarray(at);
    return at > 0;
  }

  #take(): Record<string, unknown> | undefined {
    if (this.#bytes.length < 4) return undefined;
    const length = this.#bytes.readUInt32LE();
    if (length > messageBytesMax) throw new Error('an answer that is too long');
    if (this.#bytes.length > 4 + length) throw new Error('more than an answer');
    if (this.#bytes.length < 4 + length) return undefined;
    const message: unknown = JSON.parse(this.#bytes.toString('utf8', 4));
    this.#bytes = Buffer.alloc(0);
    this.#steps = 0;
    if (typeof message !== 'object' || message === null) throw new Error('an answer that is no object');
    return message as Record<string, unknown>;
  }
}
