import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { BoxDied, type BoxPool, type BoxProgram } from '../../sandbox/sandbox.ts';
import { ask, inOwnFolder } from '../answers.ts';
import type { Abilities } from '../capabilities.ts';
import type { Engine, EngineContext } from '../engine.ts';
import { refusedIn } from '../octavo/replies.ts';
import { probeIn } from '../probe.ts';
import { fileKinds, type FoundFile, inputName, type UnpackLimits, type UnpackRequest } from './messages.ts';

const mebibyte = 1024 * 1024;
/** Of the name of a file its end tells what it is. */
const nameLengthMax = 100;

/** Bounds that no archive of documents comes near. */
export const unpackLimits: UnpackLimits = { entriesMax: 10_000, filesMax: 2_000, bytesMax: 2_048 * mebibyte };

/** The program that unpacks archives, to be started by a Sandbox. What it unpacks goes straight to files. */
export function archivesProgram(options: { readonly size: number }): BoxProgram {
  return {
    name: 'archives',
    entry: new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url),
    beside: ['compound', 'zip', 'pictures'].map((folder) => new URL(`../${folder}/`, import.meta.url)),
    size: options.size,
    // Few calls come with archives.
    warm: 0,
    limits: {
      memoryBytesMax: 256 * mebibyte,
      fileBytesMax: unpackLimits.bytesMax,
      filesMax: unpackLimits.filesMax,
      cpuMsMax: 10 * 60_000,
      openFilesMax: 256,
      callsMax: 1_000,
    },
  };
}

/** The engine of archives, over boxes of `archivesProgram`. `directory`: on the file system of storage, for the probe. */
export function createArchivesEngine(
  pool: BoxPool,
  { directory, limits = unpackLimits }: { readonly directory: string; readonly limits?: UnpackLimits },
): Engine {
  return {
    name: 'archives',
    abilities: { 'files.unpack': (request, context) => unpack(pool, limits, request, context) },
    probe: () => probe(pool, directory),
  };
}

const foundSchema: z.ZodType<{ readonly found: readonly FoundFile[] }> = z.object({
  found: z.array(
    z.object({
      input: z.int().min(0),
      unpacked: z.object({ as: z.string(), name: z.string() }).optional(),
      kind: z.enum(fileKinds),
      size: z.object({ width: z.number().positive(), height: z.number().positive() }).optional(),
    }),
  ),
});

async function unpack(
  pool: BoxPool,
  limits: UnpackLimits,
  { files, keepsArchives = false }: Abilities['files.unpack']['takes'],
  context: EngineContext,
): Promise<Abilities['files.unpack']['gives']> {
  const names = files.map(({ name }) => name.slice(-nameLengthMax));
  const message: UnpackRequest = { names, keepsArchives, limits };
  const inputs = files.map(({ path }, index) => ({ path, as: inputName(index) }));
  const { reply, made } = await ask(pool, message, inputs, inOwnFolder(context));
  const refused = refusedIn(reply, files);
  if (refused !== undefined) throw refused;
  const { success, data } = foundSchema.safeParse(reply);
  if (!success) throw new BoxDied('crash', 'It did not say what it found.');
  return {
    files: data.found.map(({ input, unpacked, kind, size }) => {
      const came = files[input];
      if (came === undefined) throw new BoxDied('crash', 'It found a file that nobody gave.');
      const own = unpacked && { ...made(unpacked.as), name: unpacked.name };
      return { file: { number: input + 1, ...came, ...own }, kind, size };
    }),
  };
}

/** Unpacks an archive of one empty file. */
function probe(pool: BoxPool, directory: string): ReturnType<Engine['probe']> {
  const says = {
    ready: 'Unpacks archives.',
    wrong: 'It unpacks archives wrongly.',
    failed: 'It does not unpack archives',
  };
  return probeIn(directory, pool, says, async (context) => {
    const path = join(context.directory, 'a.zip');
    const bytes = emptyFileArchive();
    await writeFile(path, bytes);
    const files = [{ path, name: 'a.zip', sizeBytes: bytes.length }];
    const { files: found } = await unpack(pool, unpackLimits, { files }, context);
    return found.length === 1 && found[0]?.file.name === 'a';
  });
}

/** An archive that holds a file `a` of no bytes. */
function emptyFileArchive(): Buffer {
  const local = Buffer.alloc(31);
  local.writeUInt32LE(0x04034b50);
  local.writeUInt16LE(1, 26);
  local.write('a', 30);
  const entry = Buffer.alloc(47);
  entry.writeUInt32LE(0x02014b50);
  entry.writeUInt16LE(1, 28);
  entry.write('a', 46);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}
