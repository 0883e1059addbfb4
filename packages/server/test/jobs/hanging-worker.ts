import assert from 'node:assert/strict';
import { type Script, startScript, urlOf } from '../database/harness.ts';

/** A worker in a process of its own, which is ready, and works at the act `hang` until it is killed. */
export async function startHangingWorker(directory: string): Promise<Script> {
  const script = new URL('crasher.ts', import.meta.url);
  const worker = startScript(script, directory, urlOf(directory), 'worker');
  assert.equal(await worker.line(), 'ready');
  return worker;
}
