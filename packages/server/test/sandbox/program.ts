import type { BoxProgram } from '../../src/sandbox/sandbox.ts';

const mebibyte = 1024 * 1024;

/** What a test wants to be different. */
export type Own = Partial<Omit<BoxProgram, 'limits'>> & { readonly limits?: Partial<BoxProgram['limits']> };

/** The program of `children/work.ts`, with small limits. */
export function workProgram(own: Own = {}): BoxProgram {
  return {
    name: 'work',
    entry: new URL('./children/work.ts', import.meta.url),
    size: 1,
    ...own,
    limits: {
      memoryBytesMax: 256 * mebibyte,
      fileBytesMax: 16 * mebibyte,
      cpuMsMax: 60_000,
      openFilesMax: 64,
      callsMax: 10_000,
      ...own.limits,
    },
  };
}
