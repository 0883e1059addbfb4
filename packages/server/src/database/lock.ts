import { closeSync, constants, openSync, statSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';

/** A lock that the kernel takes away when the process dies, however it dies. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Locks a directory against every other process, or gives null where another one holds it. The name in the abstract namespace
 * is made of the directory's device and inode, so that all paths to it are one. Two containers with one volume have two such
 * namespaces: for them there is a socket file in the directory as well.
 */
export async function lockDirectory(directory: string): Promise<Lock | null> {
  const { dev, ino } = statSync(directory);
  const abstract = await listenAt(`\0octavo-${dev}-${ino}`);
  if (abstract === null) return null;
  // Through the descriptor, as the path of a socket has a limit of 107 bytes.
  const fd = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  const file = `/proc/self/fd/${fd}/lock`;
  const free = !(await somebodyListensAt(file));
  const beside = free ? await listenAfresh(file) : null;
  const release = async () => {
    await closeServer(beside);
    closeSync(fd);
    await closeServer(abstract);
  };
  if (free) return { release };
  await release();
  return null;
}

/** Null where the file system has no sockets: then the other lock has to do. */
async function listenAfresh(file: string): Promise<Server | null> {
  try {
    unlinkSync(file);
  } catch {
    // There was none.
  }
  return listenAt(file).catch(() => null);
}

function listenAt(path: string): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(path, () => resolve(server.unref()));
  });
}

function somebodyListensAt(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (found: boolean) => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

function closeServer(server: Server | null): Promise<void> {
  return new Promise((resolve) => (server === null ? resolve() : server.close(() => resolve())));
}
