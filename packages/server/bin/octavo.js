#!/usr/bin/env node
// Starts the program on Node 24, whatever Node it was called with: the npm package of Node 24 for this platform is an optional
// dependency. This file therefore keeps to what Node 20 understands.
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// Uploads and results are synced to disk on threads of their own: with the usual four, a few slow writes would hold up
// every other file. Read once, before the first of them starts.
process.env.UV_THREADPOOL_SIZE ??= '16';

// Keeps the young generation small: a body that streams through is garbage at once, and up to 64 MB of it would wait for a
// collection otherwise.
setFlagsFromString('--semi-space-growth-factor=1');

// A checkout runs from its sources; the published package holds only the compiled files.
const source = new URL('../src/main.ts', import.meta.url);
const isCheckout = existsSync(source);
const main = isCheckout ? source : new URL('../dist/main.js', import.meta.url);
// To strip types takes longer than all else of a start: what is compiled is kept beside the sources, and so does a box (src/sandbox/compiled.ts).
const packages = new URL('../../../node_modules/', import.meta.url);
// Not of another user, whose next install could not remove it.
const isOwn = statSync(packages, { throwIfNoEntry: false })?.uid === process.getuid?.();
if (isCheckout && isOwn)
  module.enableCompileCache?.(fileURLToPath(new URL('.cache/octavo/server', packages)));

const major = Number(process.versions.node.split('.')[0]);
if (major >= 24) await import(main.href);
else runOnNode24();

function runOnNode24() {
  const node = findNode24();
  if (node === undefined) {
    console.error(`octavo needs Node 24 or newer; this is ${process.version}.`);
    process.exit(1);
  }
  const self = fileURLToPath(import.meta.url);
  const child = spawn(node, [self, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal === null ? code : 1));
}

function findNode24() {
  try {
    const name = `node-${process.platform}-${process.arch}`;
    return createRequire(import.meta.url).resolve(`${name}/bin/node`);
  } catch {
    return undefined;
  }
}
