/** What is wrong with the inputs of a call, or with what was asked of them. */
export interface Refusal {
  readonly code: string;
  /** Position of the input, from 0, where one is known. */
  readonly input: number | undefined;
  readonly message: string;
}

/** Thrown by a child that refuses an input by itself; a library has errors of its own kind. */
export class Refused extends Error implements Refusal {
  override readonly name = 'Refused';
  readonly code: string;
  readonly input: number | undefined;

  constructor(code: string, message: string, input?: number) {
    super(message);
    this.code = code;
    this.input = input;
  }
}

/**
 * Reads what a child caught: `Refused`, an error of the kind that its library throws on account of its input, or a result larger than
 * the box may write. Throws everything else again, which ends the box.
 */
export function refusalOf(
  error: unknown,
  ofLibrary: abstract new (...values: never[]) => Error & Refusal = Refused,
): Refusal {
  if (error instanceof Refused || error instanceof ofLibrary)
    return { code: error.code, input: error.input, message: error.message };
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EFBIG') return { code: 'limit', input: undefined, message: 'the result is too large' };
  throw error;
}
