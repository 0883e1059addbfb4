import { rmSync } from 'node:fs';
import type { Files } from '../../sandbox/child.ts';
import { Refused, refusalOf } from '../../sandbox/refusal.ts';
import type { Entry } from '../zip/child-directory.ts';
import { unpackEntry } from '../zip/child-entry.ts';
import { type Found, kindOfFile, type Told } from './child-kind.ts';
import { inputName, type FoundFile, type UnpackReply, type UnpackRequest, unpackedName } from './messages.ts';

const nameLengthMax = 100;

/** Says what files are, and unpacks archives among them: what they hold takes their place, in the order of their directory. */
export async function unpack(
  { names, keepsArchives, limits }: UnpackRequest,
  files: Files,
): Promise<UnpackReply> {
  const found: FoundFile[] = [];
  const written: string[] = [];
  let bytesLeft = limits.bytesMax;
  let input = 0;
  const add = (one: FoundFile) => {
    if (found.push(one) > limits.filesMax)
      throw new Refused('archive', `with what it holds there are more than ${limits.filesMax} files`);
  };
  try {
    for (; input < names.length; input++) {
      const path = files.input(inputName(input));
      const came = kindOfFile(path, names[input] ?? '', limits.entriesMax);
      if (came.kind !== 'archive') {
        add({ input, ...came });
        continue;
      }
      if (keepsArchives) {
        add({ input, kind: 'other' });
        continue;
      }
      const entries = came.entries.filter(isWanted);
      assertTaken(entries);
      bytesLeft -= entries.reduce((sum, { bytes }) => sum + bytes, 0);
      if (bytesLeft < 0) throw new Refused('archive', 'what it holds is too large');
      for (const entry of entries) {
        const as = unpackedName(written.length);
        const to = files.output(as);
        written.push(to);
        await unpackEntry(path, entry, to);
        const inside = kindInside(to, entry.name, limits.entriesMax);
        const name = [...entry.name].slice(-nameLengthMax).join('');
        add({ input, unpacked: { as, name }, ...inside });
      }
    }
    return { found };
  } catch (error) {
    const refused = { ...refusalOf(error), input };
    for (const path of written) rmSync(path, { force: true });
    return { refused };
  }
}

/** What a file of an archive is. Throws Refused where that is an archive, also a damaged one. */
function kindInside(path: string, name: string, entriesMax: number): Told {
  let found: Found | undefined;
  try {
    found = kindOfFile(path, name, entriesMax);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  if (found === undefined || found.kind === 'archive')
    throw new Refused('archive', `its file ${name} is an archive too`);
  return found;
}

/** What the programs of some systems add, and nobody sees as a file. */
function isWanted({ name, isFolder }: Entry): boolean {
  const parts = name.split(/[/\\]/);
  return !isFolder && !parts.includes('__MACOSX') && parts.at(-1) !== '.DS_Store';
}

/** Names are labels and no paths: where they would lead does not matter. Throws Refused. */
function assertTaken(entries: readonly Entry[]): void {
  if (entries.length === 0) throw new Refused('archive', 'it holds no files');
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
