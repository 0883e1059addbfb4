import { spawn } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { connect } from 'node:net';
import type { Files } from '../../../src/sandbox/child.ts';
import { serve, stepDone } from '../../../src/sandbox/child.ts';

/** What tests tell a box to do: a little honest work, and a lot of what a box in hostile hands might try. */
const deeds: Record<string, (files: Files, message: Record<string, unknown>) => unknown> = {
  echo: (_, message) => message['text'],
  copy: (files, { from = 'a', to = 'result' }) =>
    writeFileSync(files.output(String(to)), readFileSync(files.input(String(from)))),
  environment: () => ({ env: process.env, cwd: process.cwd() }),
  list: (_, { path }) => readdirSync(String(path)),
  read: (_, { path }) => readFileSync(String(path), 'utf8'),
  write: (_, { path }) => writeFileSync(String(path), 'written by a box'),
  overwrite: (files) => writeFileSync(files.input('a'), 'changed', { flag: 'r+' }),
  connect: (_, { port }) => reach(Number(port)),
  print: () => console.log('text on standard output'),
  evaluate: () => new Function('return 1')(),
  loop: () => {
    for (;;);
  },
  steps: (_, { ms }) => {
    for (const end = performance.now() + Number(ms); performance.now() < end;) stepDone();
    return 'done';
  },
  wait: () => new Promise(() => setInterval(() => {}, 1_000)),
  throw: () => {
    throw new Error('the program is wrong');
  },
  exit: () => process.exit(3),
  grow: () => {
    const held = [];
    for (;;) held.push(Buffer.alloc(8 * 1024 * 1024, 1));
  },
  growHeap: () => {
    const held = [];
    for (;;) held.push({ text: String(Math.random()), more: [held.length] });
  },
  growShared: () => {
    const held = [];
    for (;;) held.push(new Uint8Array(new SharedArrayBuffer(8 * 1024 * 1024)).fill(1));
  },
  hold: () => {
    kept.push(Buffer.alloc(150 * 1024 * 1024, 1));
  },
  fork: () => {
    for (let count = 0; count < 50; count += 1) startAnother();
    return new Promise(() => {});
  },
  orphan: () => {
    startAnother();
    return new Promise(() => {});
  },
  garbage: (_, { bytes }) => void writeSync(3, Buffer.from(String(bytes), 'base64')),
  longReply: () => 'x'.repeat(2 * 1024 * 1024),
  flood: () => {
    for (;;) writeSync(2, Buffer.alloc(65_536, 'x'));
  },
  symlink: (files, { target }) => symlinkSync(String(target), files.output('result')),
  hardlink: (files) => {
    writeFileSync(files.output('result'), 'two names');
    linkSync(files.output('result'), files.output('other'));
  },
  linkInput: (files) => linkSync(files.input('a'), files.output('result')),
  directory: (files) => mkdirSync(files.output('result')),
  closedDirectory: (files) => {
    mkdirSync(files.output('closed'));
    writeFileSync(files.output('closed/file'), '');
    mkdirSync(files.output('closed/inner'), { mode: 0 });
  },
  names: (files, { names }) => {
    for (const name of names as string[]) writeFileSync(files.output(name), name);
  },
  many: (files) => {
    for (let count = 0; count < 1_000; count += 1) writeFileSync(files.output(`file-${count}`), '');
  },
  big: (files, { bytes }) => writeFileSync(files.output('result'), Buffer.alloc(Number(bytes))),
};
const kept: Buffer[] = [];

function startAnother(): void {
  const options = { detached: true, stdio: 'ignore' } as const;
  spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], options).on('error', () => {});
}

function reach(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => resolve('connected'));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
  });
}

await serve((message, files) => {
  const call = message as Record<string, unknown>;
  return deeds[String(call['does'])]?.(files, call);
});
