import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';

/** The only way out of this box, where its program has one: a stream to the server. To be opened once. */
export function door(): Duplex {
  return new Socket({ fd: 4 });
}
