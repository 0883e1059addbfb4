import * as z from 'zod';
import { BoxDied, type BoxPool } from '../../sandbox/sandbox.ts';
import { fileIn, rethrowDeath } from '../answers.ts';
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
    const parts = await readInParts(drawPart, { ...division, boxes }, context);
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
  { password, directory, wallMsMax, signal }: EngineContext,
): Promise<DrawnPart> {
  const message: RenderRequest = { does: 'render', pages, password, part, settings };
  const inputs = [{ path: document.path, as: inputName }];
  const call = { message, inputs, outputDirectory: directory, wallMsMax, signal };
  const { reply, files } = await pool.run(call).catch(rethrowDeath);
  const answer = readPagesReply(reply, document);
  const drawn = readDrawn(reply);
  if (drawn.length !== answer.next - part.from)
    throw new BoxDied('crash', 'It drew other pages than it says.');
  const left = new Set(files);
  const made =
    settings.as === 'tiff'
      ? [{ ...fileIn(directory, tiffName, left), name: `${stem}.tif` }]
      : drawn.map(({ index }, at) => ({
          ...fileIn(directory, pictureName(part.from + at), left),
          name: `${stem}-${index}.${settings.as}`,
        }));
  return { ...answer, drawn, files: made };
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
