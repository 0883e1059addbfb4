import { serve } from '../../sandbox/child.ts';
import { optimise } from './child-optimise.ts';
import { openSharp } from './child-sharp.ts';
import { toPdf } from './child-to-pdf.ts';
import type { PicturesRequest, ProbeReply } from './messages.ts';

// Runs in a box: all that reads pictures.
await serve((message, files) => {
  const request = message as PicturesRequest;
  switch (request.does) {
    case 'probe':
      return probe();
    case 'optimise':
      return optimise(request, files);
    case 'to-pdf':
      return toPdf(request, files);
  }
});

async function probe(): Promise<ProbeReply> {
  const sharp = await openSharp();
  const size = { width: 8, height: 8, channels: 3 } as const;
  const packed = await sharp(Buffer.alloc(8 * 8 * 3, 200), { raw: size })
    .jpeg()
    .toBuffer();
  return { bytes: packed.length };
}
