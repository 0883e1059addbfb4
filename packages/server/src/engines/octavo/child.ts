import * as core from '@octavo/pdf';
import { serve } from '../../sandbox/child.ts';
import { answer } from './child-verbs.ts';
import type { OctavoReply, OctavoRequest, Refusal } from './messages.ts';

// Runs in a box: all that reads documents.
await serve((message, files): OctavoReply => {
  try {
    return answer(message as OctavoRequest, files);
  } catch (error) {
    return { refused: refusalOf(error) };
  }
});

/** What is wrong with the documents; everything else ends the box. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof core.PdfError) return { code: error.code, input: error.input, message: error.message };
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EFBIG') return { code: 'limit', input: undefined, message: 'the result is too large' };
  throw error;
}
