import { inflateSync } from 'node:zlib';

const signatures = { GRAY: 1, 'RGB ': 3, CMYK: 4 } as const;
const classes = ['scnr', 'mntr', 'prtr', 'spac'];
const profileBytesMax = 4 * 1024 * 1024;

/** The profile (ISO 15076-1), where it is one that colours of so many components may have in a PDF. */
export function usableProfile(profile: Buffer, components: number): Buffer | undefined {
  if (profile.length < 128 || profile.length > profileBytesMax) return undefined;
  const size = profile.readUInt32BE(0);
  const space = profile.toString('latin1', 16, 20) as keyof typeof signatures;
  const isOne = profile.toString('latin1', 36, 40) === 'acsp' && size >= 128 && size <= profile.length;
  const isNewer = (profile[8] as number) > 4;
  if (!isOne || isNewer || !classes.includes(profile.toString('latin1', 12, 16))) return undefined;
  return signatures[space] === components ? profile.subarray(0, size) : undefined;
}

/** The profile of a PNG's chunk iCCP: a name, a byte 0, a method, and Flate. */
export function profileOfChunk(chunk: Buffer): Buffer {
  const end = chunk.indexOf(0);
  if (end < 0) return Buffer.alloc(0);
  try {
    return inflateSync(chunk.subarray(end + 2), { maxOutputLength: profileBytesMax });
  } catch {
    return Buffer.alloc(0);
  }
}
