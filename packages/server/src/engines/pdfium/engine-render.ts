import * as z from 'zod';
import { BoxDied, type BoxPool } from '../../sandbox/sandbox.ts';
import { ask, inOwnFolder } from '../answers.ts';
import type { Abilities, DrawnPage, FileHandle } from '../capabilities.ts';
import type { Ability, EngineContext } from '../engine.ts';
import { inputName, type PagesReply, type Part } from './messages.ts';
import { type Division, readInParts } from './parts.ts';
import { warningsOf } from './remarks.ts';
import { pictureName, type RenderRequest, tiffName } from './render-messages.ts';
import { readPagesReply } from './replies.ts';

type Takes = Abilities['pdf.render']['takes'];

/** Draws pages in boxes of a pool; the one file of a TIFF is written by one box. */
export function renderBy(pool: BoxPool, division: Division): Ability<'pdf.render'> {
  return async (request, context) => {
    const isOneFile = request.settings.as === 'tiff';
    const drawPart = (part: Part, own: EngineContext) => draw(pool, request, part, own);
    const boxes = isOneFile ? 1 : division.boxes;
    const parts = await readInParts(drawPart, { ...division, boxes }, inOwnFolder(context));
    return {
      files: parts.flatMap(({ files }) => files),
      pageCount: parts[0].pageCount,
      pages: parts.flatMap(({ drawn }) => drawn),
      warnings: warningsOf(parts.map(({ noticed }) => noticed)),
    };
  };
}

interface DrawnPart extends PagesReply {
  readonly drawn: readonly DrawnPage[];
  readonly files: readonly FileHandle[];
}

async function draw(
  pool: BoxPool,
  { document, pages, stem, settings }: Takes,
  part: Part,
  context: EngineContext,
): Promise<DrawnPart> {
  const { password } = context;
  const message: RenderRequest = { does: 'render', pages, password, part, settings };
  const { reply, made } = await ask(pool, message, [{ path: document.path, as: inputName }], context);
  const answer = readPagesReply(reply, document);
  const drawn = readDrawn(reply);
  if (drawn.length !== answer.next - part.from)
    throw new BoxDied('crash', 'It drew other pages than it says.');
  const files =
    settings.as === 'tiff'
      ? [{ ...made(tiffName), name: `${stem}.tif` }]
      : drawn.map(({ index }, at) => ({
          ...made(pictureName(part.from + at)),
          name: `${stem}-${index}.${settings.as}`,
        }));
  return { ...answer, drawn, files };
}

const drawnReply = z.object({
  drawn: z.array(z.object({ index: z.int().nonnegative(), width: z.number(), height: z.number() })),
});

/** The pages of a reply. Throws BoxDied where they make no sense. */
function readDrawn(reply: unknown): readonly DrawnPage[] {
  const read = drawnReply.safeParse(reply);
  if (!read.success) throw new BoxDied('crash', 'What it said of its pictures makes no sense.');
  return read.data.drawn;
}
