import type { IncomingMessage } from 'node:http';
import { Unreachable, unreachable } from './refused.ts';

export interface Pace {
  /** Longest silence. */
  readonly idleMsMax: number;
  /** What has to come in such a time, for each second of it. */
  readonly bytesPerSecondMin: number;
}

/**
 * The bytes of an answer. Throws Unreachable, also where the other side is silent or drips. Only the time counts in which it was
 * waited for: whoever takes the bytes may be as slow as a disk.
 */
export async function* paced(
  response: IncomingMessage,
  { idleMsMax, bytesPerSecondMin }: Pace,
): AsyncGenerator<Buffer> {
  const bytesMin = (bytesPerSecondMin * idleMsMax) / 1_000;
  const chunks = response.iterator() as AsyncIterator<Buffer>;
  let bytes = 0;
  let waitedMs = 0;
  const endWaiting = () =>
    response.destroy(new Unreachable(bytes === 0 ? 'it went silent' : 'it sends too slowly'));
  try {
    for (;;) {
      const began = performance.now();
      const timer = setTimeout(endWaiting, idleMsMax - waitedMs);
      const { value, done } = await chunks.next().finally(() => clearTimeout(timer));
      if (done) return;
      waitedMs += performance.now() - began;
      bytes += value.length;
      if (bytes >= bytesMin) [bytes, waitedMs] = [0, 0];
      yield value;
    }
  } catch (error) {
    throw unreachable(error);
  } finally {
    response.destroy();
  }
}
