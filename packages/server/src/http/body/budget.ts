import { Failure } from '../../errors.ts';

/** Limits of the texts of one request. */
export interface TextLimits {
  readonly fieldBytesMax: number;
  /** Called before memory is taken. Throws `overloaded`. */
  hold(bytes: number): void;
}

/** Memory for the texts of all requests that are being read. One may be large; many large ones at once have to come again. */
export class TextBudget {
  #bytesLeft: number;

  constructor(bytesMax: number) {
    this.#bytesLeft = bytesMax;
  }

  /** Limits for one request; `release` when it has been read. */
  open(fieldBytesMax: number): TextLimits & { release(): void } {
    let held = 0;
    return {
      fieldBytesMax,
      hold: (bytes) => {
        if (bytes > this.#bytesLeft) throw new Failure('overloaded');
        this.#bytesLeft -= bytes;
        held += bytes;
      },
      release: () => {
        this.#bytesLeft += held;
        held = 0;
      },
    };
  }
}
