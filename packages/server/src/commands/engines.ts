import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { type Config, ConfigError } from '../config.ts';

export const enginesUsage =
  'engines [--list]: install the programs of the system that convert office files and web pages.';

/** Chromium made without windows. */
const browser = 'chromium-headless-shell';
/** What Debian's packages are for. Fonts: those as wide as Microsoft's, and those of all scripts. */
const debian = {
  'stronger boxes': ['bubblewrap'],
  'office files': ['libreoffice-writer', 'libreoffice-calc', 'libreoffice-impress'],
  'web pages and HTML': [browser],
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

/** What to do on a system: commands, or words for whoever has to do it. */
export interface Plan {
  readonly commands: readonly (readonly string[])[];
  readonly says: readonly string[];
}

/** Works out what installs the engines here. */
export function planOf({ release, isRoot }: System): Plan {
  const value = (name: string) => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(release)?.[1] ?? '';
  const isUbuntu = [value('ID'), ...value('ID_LIKE').split(' ')].includes('ubuntu');
  if (!isUbuntu && ![value('ID'), ...value('ID_LIKE').split(' ')].includes('debian'))
    return {
      commands: [],
      says: ['This system is neither Debian nor Ubuntu. Install by its own means:', ...elsewhere],
    };
  const packages = Object.values(debian)
    .flat()
    .filter((name) => !(isUbuntu && name === browser));
  const says = isUbuntu
    ? [
        "Ubuntu's chromium is a snap, which does not run in boxes: for web pages, install the package of Google Chrome.",
      ]
    : [];
  const commands = [
    ['apt-get', 'update'],
    ['apt-get', 'install', '--yes', '--no-install-recommends', ...packages],
  ];
  if (isRoot) return { commands, says };
  return {
    commands: [],
    says: [
      'Programs are installed by root. Run:',
      ...commands.map((words) => `sudo ${words.join(' ')}`),
      ...says,
    ],
  };
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
  const { commands, says } = planOf({ release, isRoot: process.getuid?.() === 0 });
  for (const [command = '', ...args] of commands) {
    const { status } = spawnSync(command, args, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) return 1;
  }
  for (const line of says) console.log(line);
  if (commands.length === 0) return 1;
  console.log('Installed. A server that runs finds them when it starts again; octavo doctor shows them.');
  return 0;
}
