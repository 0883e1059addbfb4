const shownMax = 255;

/** A link leads to where none may. What it names is for the log alone: a client hears the same whatever it was. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly host: string;
  /** The addresses of the host, or what else was not allowed. */
  readonly address: string;
  constructor(host: string, address: string) {
    super('The link leads to an address that is not allowed.');
    this.host = host.slice(0, shownMax);
    this.address = address.slice(0, shownMax);
  }
}

/** The other side did not answer as it should. The message is fit for a client. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The error of a connection as a client may hear it: without addresses. */
export function unreachable(error: unknown): Unreachable {
  if (error instanceof Unreachable) return error;
  return new Unreachable(reasonOf(String((error as NodeJS.ErrnoException).code ?? '')), { cause: error });
}

/** What an operator may read of its cause. Hostile: a certificate may be full of names. */
export function causeOf({ cause }: Unreachable): string | undefined {
  return cause instanceof Error ? cause.message.slice(0, shownMax) : undefined;
}

function reasonOf(code: string): string {
  if (code === 'HPE_HEADER_OVERFLOW') return 'its headers are too long';
  if (code.startsWith('HPE_')) return 'it does not speak HTTP as it should';
  return /CERT|TLS|SSL|SIGNED/.test(code) ? 'its certificate is not trusted' : 'the connection failed';
}
