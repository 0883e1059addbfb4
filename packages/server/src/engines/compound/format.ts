/** First bytes of a compound file ([MS-CFB] 2.2), in hexadecimal digits. */
export const compoundMark = 'd0cf11e0a1b11ae1';

export const headerBytes = 512;
/** Where the header names the sectors of the table, and how many: the rest are named in sectors of their own. */
export const [namedAt, namedInHeader] = [76, 109];
export const entryBytes = 128;
/** Types of entries of the directory (2.6.1). */
export const [ofStorage, ofStream, ofRoot] = [1, 2, 5];
/** A stream below lies in small sectors, within the stream of the root. */
export const largeBytesMin = 4_096;
export const smallSectorBytes = 64;

/** Numbers in the table of sectors that are no sectors (2.1): the first of them, and what they say. */
export const noSectorMin = 0xffff_fffa;
export const [ofList, ofTable, endOfChain, unused] = [0xffff_fffc, 0xffff_fffd, 0xffff_fffe, 0xffff_ffff];

/** Whether a file that begins like this is a compound file. */
export function isCompound(beginning: Buffer): boolean {
  return beginning.toString('hex', 0, compoundMark.length / 2) === compoundMark;
}
