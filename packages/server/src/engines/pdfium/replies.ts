import * as z from 'zod';
import { clean } from '../../errors.ts';
import { BoxDied } from '../../sandbox/sandbox.ts';
import type { FileHandle } from '../capabilities.ts';
import { refusedIn } from '../octavo/replies.ts';
import type { PagesReply } from './messages.ts';

const sentencesMax = 100;
const sentenceLengthMax = 300;

const range = z.tuple([z.int().nonnegative(), z.int().nonnegative()]);
const ranges = z.array(range).optional();
const pagesReply = z.object({
  pageCount: z.int().nonnegative(),
  next: z.int().nonnegative(),
  noticed: z.object({
    sentences: z
      .array(z.string())
      .transform((texts) => texts.slice(0, sentencesMax).map((text) => clean(text, sentenceLengthMax))),
    pages: z.object({
      pictures: ranges,
      unknown: ranges,
      cut: ranges,
      smaller: ranges,
      unreadable: ranges,
    }),
  }),
});

/** Checks what came out of a box. Throws a Failure where the document was refused, BoxDied where it makes no sense. */
export function readPagesReply(reply: unknown, document: FileHandle): PagesReply {
  const failure = refusedIn(reply, [document]);
  if (failure !== undefined) throw failure;
  const read = pagesReply.safeParse(reply);
  if (!read.success) throw new BoxDied('crash', 'What it said of pages makes no sense.');
  return read.data as PagesReply;
}
