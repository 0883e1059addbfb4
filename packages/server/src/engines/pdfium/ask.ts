import type { BoxPool } from '../../sandbox/sandbox.ts';
import { rethrowDeath } from '../answers.ts';
import type { FileHandle } from '../capabilities.ts';
import type { EngineContext } from '../engine.ts';
import { inputName, type PagesReply, type PdfiumRequest } from './messages.ts';
import { readPagesReply } from './replies.ts';

/** Asks a box for something about pages of a document. Throws a Failure where it refuses, BoxDied where its answer makes no sense. */
export async function askPages(
  pool: BoxPool,
  message: PdfiumRequest,
  document: FileHandle,
  { directory, wallMsMax, signal }: EngineContext,
): Promise<{ readonly reply: PagesReply; readonly files: ReadonlySet<string> }> {
  const inputs = [{ path: document.path, as: inputName }];
  const call = { message, inputs, outputDirectory: directory, wallMsMax, signal };
  const { reply, files } = await pool.run(call).catch(rethrowDeath);
  return { reply: readPagesReply(reply, document), files: new Set(files) };
}
