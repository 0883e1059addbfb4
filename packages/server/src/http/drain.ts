import type { IncomingMessage } from 'node:http';

const drainedBytesMax = 64 * 1024 * 1024;
const drainedMsMax = 20_000;

/**
 * Lets a client that is still sending hear its answer. Many programs read nothing before they have sent everything, and a
 * connection that is closed on them shows as "reset by peer"; so the rest of the body is read and dropped, within limits.
 */
export function drain(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let bytes = 0;
  const end = () => request.socket.destroy();
  const timer = setTimeout(end, drainedMsMax).unref();
  // Whoever began to read the body has given up, but its iterator still holds the stream back.
  request.removeAllListeners('readable');
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > drainedBytesMax) end();
  });
  request.on('error', () => {});
  request.once('close', () => clearTimeout(timer));
  request.once('end', () => clearTimeout(timer));
}
