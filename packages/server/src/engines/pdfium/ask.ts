import type { BoxPool } from '../../sandbox/sandbox.ts';
import { type Answer, ask } from '../answers.ts';
import type { FileHandle } from '../capabilities.ts';
import type { EngineContext } from '../engine.ts';
import { inputName, type PagesReply, type PdfiumRequest } from './messages.ts';
import { readPagesReply } from './replies.ts';

/** Asks a box for something about pages of a document. Throws a Failure where it refuses, BoxDied where its answer makes no sense. */
export async function askPages(
  pool: BoxPool,
  message: PdfiumRequest,
  document: FileHandle,
  context: EngineContext,
): Promise<{ readonly reply: PagesReply; readonly made: Answer['made'] }> {
  const { reply, made } = await ask(pool, message, [{ path: document.path, as: inputName }], context);
  return { reply: readPagesReply(reply, document), made };
}
