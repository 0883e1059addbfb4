import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { type Config, ConfigError } from '../config.ts';

export const enginesUsage =
  'engines [--list]: install the programs of the system that convert office files and web pages.';

/** Chromium made without windows, or where a system has none of its own version, the usual one. */
const browsers = ['chromium-headless-shell', 'chromium'] as const;
/** What Debian's packages are for. Fonts: those as wide as Microsoft's, and those of all scripts. */
const debian = {
  'stronger boxes': ['bubblewrap'],
  'office files': ['libreoffice-writer', 'libreoffice-calc', 'libreoffice-impress'],
  'web pages and HTML': [browsers[0]],
  fonts: [
    'fonts-liberation',
    'fonts-crosextra-carlito',
    'fonts-crosextra-caladea',
    'fonts-dejavu-core',
    'fonts-noto-core',
    'fonts-noto-cjk',
    'fonts-noto-color-emoji',
  ],
} as const;

/** What is to be installed on other systems, in words. */
const elsewhere = [
  'bubblewrap',
  'LibreOffice 7.4 or newer (Writer, Calc, Impress)',
  'Chromium (its headless shell, where there is one) or Google Chrome, not as a snap or a flatpak',
  'the fonts Liberation, Carlito, Caladea, DejaVu, Noto Sans and Serif, Noto CJK, Noto Color Emoji',
];

export interface System {
  /** Text of `/etc/os-release`. */
  readonly release: string;
  readonly isRoot: boolean;
}

/** What to do on a system: steps, or words for whoever has to do it. */
export interface Plan {
  /** Of each, commands one after the other until one succeeds. */
  readonly steps: readonly (readonly (readonly string[])[])[];
  readonly says: readonly string[];
}

/** Works out what installs the engines here. */
export function planOf({ release, isRoot }: System): Plan {
  const value = (name: string) => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(release)?.[1] ?? '';
  const isUbuntu = [value('ID'), ...value('ID_LIKE').split(' ')].includes('ubuntu');
  if (!isUbuntu && ![value('ID'), ...value('ID_LIKE').split(' ')].includes('debian'))
    return {
      steps: [],
      says: ['This system is neither Debian nor Ubuntu. Install by its own means:', ...elsewhere],
    };
  const { 'web pages and HTML': _, ...others } = debian;
  const install = (names: readonly string[]) => [
    'apt-get',
    'install',
    '--yes',
    '--no-install-recommends',
    ...names,
  ];
  const steps = [[['apt-get', 'update']], [install(Object.values(others).flat())]];
  const says: string[] = [];
  if (isUbuntu)
    says.push(
      "Ubuntu's chromium is a snap, which does not run in boxes: for web pages, install the package of Google Chrome.",
    );
  else steps.push(browsers.map((name) => install([name])));
  if (isRoot) return { steps, says };
  const shown = steps.map((ways) => ways.map((words) => `sudo ${words.join(' ')}`).join(' || '));
  return { steps: [], says: ['Programs are installed by root. Run:', ...shown, ...says] };
}

/** Installs the engines on Debian and Ubuntu, as root; says what to install elsewhere, and then gives 1. */
export async function engines(_: Config, words: readonly string[]): Promise<number> {
  const isList = words[0] === '--list';
  if (words.length > (isList ? 1 : 0)) throw new ConfigError(`usage: octavo ${enginesUsage}`);
  if (isList) {
    for (const [what, packages] of Object.entries(debian))
      console.log(`${what.padEnd(20)}${packages.join(' ')}`);
    return 0;
  }
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const { steps, says } = planOf({ release, isRoot: process.getuid?.() === 0 });
  for (const ways of steps) if (!ways.some(succeeds)) return 1;
  for (const line of says) console.log(line);
  if (steps.length === 0) return 1;
  console.log('Installed. A server that runs finds them when it starts again; octavo doctor shows them.');
  return 0;
}

function succeeds([command = '', ...args]: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: 'inherit', env }).status === 0;
}
