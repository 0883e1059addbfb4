import type { Readable, Writable } from 'node:stream';

/** What a browser says of itself, or of one of its pages. */
export interface BrowserEvent {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Of the page that it is about. */
  readonly sessionId?: string | undefined;
}

export type Params = Readonly<Record<string, unknown>>;

/** The browser did not do what it was asked; its own words. */
export class Declined extends Error {
  override readonly name = 'Declined';
}

/** The browser has gone. */
export class BrowserGone extends Error {
  override readonly name = 'BrowserGone';
}

/** One message: pictures come in one. */
const messageBytesMax = 256 * 1024 * 1024;

interface Waiting {
  resolve(result: Params): void;
  reject(error: Error): void;
}

/**
 * The DevTools protocol of a browser over its pipes: JSON texts, each followed by a zero byte. A library would do, but takes a second to
 * load in each box, and needs code that is made of texts, which boxes do not run.
 */
export class Protocol {
  readonly #to: Writable;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<(event: BrowserEvent) => void>();
  #held: Buffer[] = [];
  #heldBytes = 0;
  #last = 0;
  #gone: Error | undefined;

  constructor(to: Writable, from: Readable) {
    this.#to = to;
    to.on('error', () => this.end('its pipe broke'));
    from.on('data', (chunk: Buffer) => this.#receive(chunk));
    from.on('error', () => this.end('its pipe broke'));
    from.on('close', () => this.end('its pipe closed'));
  }

  /** Asks the browser, or one of its pages. Throws Declined, and BrowserGone. */
  send(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
    return new Promise((resolve, reject) => {
      if (this.#gone !== undefined) return reject(this.#gone);
      const id = (this.#last += 1);
      this.#waiting.set(id, { resolve, reject });
      this.#to.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /** Hears all events until what it gives back is called. */
  listen(listener: (event: BrowserEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** All that waits, and all that will be asked, hears that the browser has gone. */
  end(why: string): void {
    this.#gone ??= new BrowserGone(`The browser has gone: ${why}.`);
    for (const { reject } of this.#waiting.values()) reject(this.#gone);
    this.#waiting.clear();
  }

  #receive(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, start)) {
      this.#held.push(chunk.subarray(start, end));
      this.#take(Buffer.concat(this.#held));
      this.#held = [];
      this.#heldBytes = 0;
      start = end + 1;
    }
    this.#held.push(chunk.subarray(start));
    this.#heldBytes += chunk.length - start;
    if (this.#heldBytes > messageBytesMax) this.end('it said too much at once');
  }

  #take(bytes: Buffer): void {
    const message = JSON.parse(bytes.toString()) as Partial<BrowserEvent> & {
      readonly id?: number;
      readonly result?: Params;
      readonly error?: { readonly message?: unknown };
    };
    if (message.id === undefined) {
      const { method = '', params = {}, sessionId } = message;
      for (const listener of this.#listeners) listener({ method, params, sessionId });
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error === undefined) waiting?.resolve(message.result ?? {});
    else waiting?.reject(new Declined(String(message.error.message)));
  }
}
