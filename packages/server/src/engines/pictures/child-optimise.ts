import * as core from '@octavo/pdf';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import type { Files } from '../../sandbox/child.ts';
import { refusalOf } from '../../sandbox/refusal.ts';
import { repackPicture } from './child-picture.ts';
import type { MadeReply, OptimiseRequest } from './messages.ts';
import { inputName, resultName } from './messages.ts';

/** The smallest number of decoded bytes by which reading is bounded: a picture is more than an object stream. */
const limits = { decodedBytesMax: 192 * 1024 * 1024 };

/** Makes a document smaller: its pictures by `request.pictures`, all else by the core. */
export async function optimise(request: OptimiseRequest, files: Files): Promise<MadeReply> {
  const source = core.fileSource(files.input(inputName));
  const scratch = openScratch(files.output('pictures'));
  try {
    const pictures = core.pictures(source, { password: request.password, limits });
    const { replacements, says } = await repackAll(pictures, request, scratch);
    const { pageCount, warnings } = pictures.optimise(core.fileSink(files.output(resultName)), {
      replace: (number) => replacements.get(number),
    });
    return { pageCount, warnings: [...says, ...warnings] };
  } catch (error) {
    return { refused: refusalOf(error, core.PdfError) };
  } finally {
    source.close();
    scratch.close();
  }
}

async function repackAll(
  pictures: core.Pictures,
  { pictures: settings, picturesMsMax }: OptimiseRequest,
  scratch: ReturnType<typeof openScratch>,
) {
  const replacements = new Map<number, core.PictureReplacement>();
  const says = new Set<string>();
  const endsAt = performance.now() + picturesMsMax;
  for (const info of pictures.list) {
    if (performance.now() > endsAt) {
      says.add('There was no time for all pictures; the rest stays as it is.');
      break;
    }
    const read = (bytesMax: number) => pictures.data(info.number, bytesMax);
    const replaced = await repackPicture(info, settings, read).catch(() => {
      // The library refuses what is too large for a format, or does not fit into memory.
      says.add('A picture cannot be packed anew; it stays as it is.');
      return undefined;
    });
    if (replaced === undefined) continue;
    const { content, ...own } = replaced;
    replacements.set(info.number, { ...own, bytes: content.length, data: scratch.keep(content) });
  }
  return { replacements, says };
}

/** Pictures that were packed wait in a file until the document is written: together they may be more than memory holds. */
function openScratch(path: string) {
  const file = openSync(path, 'w+', 0o600);
  let length = 0;
  return {
    keep(bytes: Uint8Array): () => Uint8Array {
      const at = length;
      for (let done = 0; done < bytes.length;)
        done += writeSync(file, bytes, done, bytes.length - done, at + done);
      length += bytes.length;
      const { length: count } = bytes;
      return () => {
        const back = new Uint8Array(count);
        for (let done = 0; done < count;) {
          const read = readSync(file, back, done, count - done, at + done);
          if (read === 0) throw new Error('The file of pictures is too short.');
          done += read;
        }
        return back;
      };
    },
    close(): void {
      closeSync(file);
      rmSync(path);
    },
  };
}
