import { closeSync, openSync, rmSync } from 'node:fs';
import type { Files } from '../../sandbox/child.ts';
import { Refused, refusalOf } from '../../sandbox/refusal.ts';
import type { FileKind } from '../capabilities.ts';
import { kindOf } from '../pictures/picture-kind.ts';
import { readAt } from '../zip/child-bytes.ts';
import { type Entry, readDirectory } from '../zip/child-directory.ts';
import { unpackEntry } from '../zip/child-entry.ts';
import { inputName, type FoundFile, type UnpackReply, type UnpackRequest, unpackedName } from './messages.ts';

/** A PDF may have something before it. */
const beginningBytes = 1_024;
const nameLengthMax = 100;

/** Says what files are, and unpacks archives among them: what they hold takes their place, in the order of their directory. */
export async function unpack({ count, limits }: UnpackRequest, files: Files): Promise<UnpackReply> {
  const found: FoundFile[] = [];
  const written: string[] = [];
  let bytesLeft = limits.bytesMax;
  let input = 0;
  const add = (one: FoundFile) => {
    if (found.push(one) > limits.filesMax)
      throw new Refused('archive', `with what it holds there are more than ${limits.filesMax} files`);
  };
  try {
    for (; input < count; input++) {
      const path = files.input(inputName(input));
      const beginning = beginningOf(path);
      if (!isArchive(beginning)) {
        add({ input, kind: kindIn(beginning) });
        continue;
      }
      const entries = readDirectory(path, limits.entriesMax).filter(isWanted);
      assertTaken(entries);
      bytesLeft -= entries.reduce((sum, { bytes }) => sum + bytes, 0);
      if (bytesLeft < 0) throw new Refused('archive', 'what it holds is too large');
      for (const entry of entries) {
        const as = unpackedName(written.length);
        const to = files.output(as);
        written.push(to);
        await unpackEntry(path, entry, to);
        const inside = beginningOf(to);
        if (isArchive(inside)) throw new Refused('archive', `its file ${entry.name} is an archive too`);
        const name = [...entry.name].slice(-nameLengthMax).join('');
        add({ input, unpacked: { as, name }, kind: kindIn(inside) });
      }
    }
    return { found };
  } catch (error) {
    const refused = { ...refusalOf(error), input };
    for (const path of written) rmSync(path, { force: true });
    return { refused };
  }
}

/** What the programs of some systems add, and nobody sees as a file. */
function isWanted({ name, isFolder }: Entry): boolean {
  const parts = name.split(/[/\\]/);
  return !isFolder && !parts.includes('__MACOSX') && parts.at(-1) !== '.DS_Store';
}

/** Names are labels and no paths: where they would lead does not matter. Throws Refused. */
function assertTaken(entries: readonly Entry[]): void {
  if (entries.length === 0) throw new Refused('archive', 'it holds no files');
  if (entries.some(({ name }) => name === '[Content_Types].xml' || name === 'mimetype'))
    throw new Refused('kind', 'it is a document of an office program');
  const names = new Set<string>();
  for (const { name, isEncrypted, isPlain, isPacked } of entries) {
    if (names.has(name)) throw new Refused('archive', `it holds two files of the name ${name}`);
    names.add(name);
    if (isEncrypted) throw new Refused('archive', `its file ${name} is encrypted`);
    if (!isPlain) throw new Refused('archive', `its file ${name} is a link or a device`);
    if (isPacked === undefined)
      throw new Refused('archive', `its file ${name} is packed by an unusual method`);
  }
}

function beginningOf(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    return readAt(file, 0, beginningBytes);
  } finally {
    closeSync(file);
  }
}

function isArchive(beginning: Buffer): boolean {
  return /^504b(?:0304|0506)/.test(beginning.toString('hex', 0, 4));
}

function kindIn(beginning: Buffer): FileKind {
  if (beginning.includes('%PDF-')) return 'pdf';
  return kindOf(beginning) === undefined ? 'other' : 'picture';
}
