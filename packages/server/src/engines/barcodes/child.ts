import { writeFile } from 'node:fs/promises';
import { type Files, serve } from '../../sandbox/child.ts';
import { refusalOf } from '../../sandbox/refusal.ts';
import { decorated, packed } from './child-picture.ts';
import { drawPng, Misfit, settled } from './child-draw.ts';
import { decorationName, type DrawReply, type DrawRequest, resultName } from './messages.ts';

// Runs in a box: all that draws barcodes.
await serve((message, files) => draw(message as DrawRequest, files));

async function draw({ plan: asked, isDecorated }: DrawRequest, files: Files): Promise<DrawReply> {
  try {
    const { plan, isOdd } = settled(asked);
    const png = isDecorated
      ? await decorated(plan, files.input(decorationName))
      : await packed(await drawPng(plan));
    await writeFile(files.output(resultName), png, { mode: 0o600 });
    return { drawn: true, isOdd };
  } catch (error) {
    if (error instanceof Misfit) return { misfit: error.complaint };
    // Its one input is the picture for the middle.
    return { refused: { ...refusalOf(error), input: 0 } };
  }
}
