import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A LibreOffice of this machine. */
export interface Installation {
  /** The folder of its programs, as `/usr/lib/libreoffice/program`. */
  readonly programs: string;
  /** What its profiles have to say to fit it. */
  readonly buildId: string;
}

/** What opens one family of documents, and the library that is there where it is installed. */
export const modules = {
  Writer: 'libswlo.so',
  Calc: 'libsclo.so',
  Impress: 'libsdlo.so',
} as const;
export type Module = keyof typeof modules;

/** Where packages of systems, and those of its makers, put it. */
const usualPlaces = ['/usr/lib/libreoffice/program', '/usr/lib64/libreoffice/program'];

/** What it reads of the system besides its own folder: its locale, which says A4, settings, fonts, and the programs that tell of fonts. */
const systemReads = [
  '/usr/lib/locale/C.utf8',
  '/etc/libreoffice',
  '/usr/share/libreoffice',
  '/etc/fonts',
  '/usr/share/fontconfig',
  '/usr/share/fonts',
  '/usr/local/share/fonts',
  '/var/cache/fontconfig',
  '/usr/share/liblangtag',
  '/usr/bin/fc-match',
];

/** The first LibreOffice that is there; undefined where there is none. The same from inside of a box. */
export function findInstallation(): Installation | undefined {
  const own = existsSync('/opt')
    ? readdirSync('/opt')
        .filter((name) => name.startsWith('libreoffice'))
        .toSorted()
        .toReversed()
        .map((name) => `/opt/${name}/program`)
    : [];
  const programs = [...usualPlaces, ...own].find((folder) => existsSync(join(folder, 'soffice.bin')));
  if (programs === undefined) return undefined;
  const versions = join(programs, 'versionrc');
  const text = existsSync(versions) ? readFileSync(versions, 'utf8') : '';
  return { programs, buildId: /^buildid=(.*)$/m.exec(text)?.[1]?.trim() ?? '' };
}

/** Files and folders that it reads. */
export function readsOf({ programs }: Installation): string[] {
  return [dirname(programs), ...systemReads];
}

/** Which of its parts are missing. */
export function missingModules({ programs }: Installation): Module[] {
  return (Object.keys(modules) as Module[]).filter((name) => !existsSync(join(programs, modules[name])));
}
