import { PdfError } from '@octavo/pdf';
import { serve } from '../../sandbox/child.ts';
import { refusalOf } from '../../sandbox/refusal.ts';
import { answer } from './child-verbs.ts';
import type { OctavoReply, OctavoRequest } from './messages.ts';

// Runs in a box: all that reads documents.
await serve((message, files): OctavoReply => {
  try {
    return answer(message as OctavoRequest, files);
  } catch (error) {
    return { refused: refusalOf(error, PdfError) };
  }
});
