import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { BoxLimits, BoxProgram, Tier } from './sandbox.ts';
import type { View } from './view.ts';

/** The folders of one box on the host. */
export interface BoxFolders {
  readonly all: string;
  readonly input: string;
  readonly output: string;
  /** Where a new root is put together. */
  readonly root: string;
  /** Compiled code of the program, which the box may read; see compiled.ts. */
  readonly code?: string;
}

/** The command that starts a box. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** How the program inside sees its folders. */
  readonly input: string;
  readonly output: string;
  /** And the compiled code, where its folders have some; a tier that keeps none has no place for it. */
  readonly code?: string;
  /** Processes between the one started and Node: with a process-id namespace its first process, and who waits for it. */
  readonly layers: 0 | 2;
  readonly cwd?: string;
  /** Only where nothing else changes the user. */
  readonly uid?: number;
  readonly gid?: number;
}

/** One way to wall off a process. */
export interface Launcher {
  readonly tier: Tier;
  /** Programs that run inside of the box and have to be visible there. */
  readonly tools: readonly string[];
  launch(view: View, folders: BoxFolders, program: BoxProgram): Launch;
}

/** What the machine offers for boxes. */
export interface Machine {
  readonly root: boolean;
  readonly linux: boolean;
  /** Path of a program, or null. */
  find(program: string): string | null;
}

/**
 * Who a box runs as when the server is root. Not 65534: the embedded database runs as that user, and in the limited tier
 * nothing but its user would keep a box from the database's files and processes.
 */
export const boxUser = { uid: 65_533, gid: 65_533 } as const;

/** Looks at the machine that we run on. */
export function thisMachine(): Machine {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/bin', '/usr/sbin', '/sbin'];
  return {
    root: process.getuid?.() === 0,
    linux: process.platform === 'linux',
    find: (program) =>
      folders
        .filter((folder) => folder.startsWith('/'))
        .map((folder) => join(folder, program))
        .find(isExecutable) ?? null,
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** V8 reserves the room for its machine code as writable memory, so that it counts as data long before it is used. */
const reservedBytes = 576 * 1024 * 1024;

/** How often the processor time of one call fits into the life of a child, before the kernel ends it. */
export const cpuCallsMax = 4;

/** Puts a command under the kernel's limits, where `prlimit` is installed. */
export function limited(machine: Machine, limits: BoxLimits, command: readonly string[]): string[] {
  const prlimit = machine.find('prlimit');
  if (!machine.linux || prlimit === null) return [...command];
  const own = readFileSync('/proc/self/limits', 'latin1');
  const wanted = [
    ['data', 'data size', limits.memoryBytesMax + reservedBytes],
    ['fsize', 'file size', limits.fileBytesMax],
    ['nofile', 'open files', limits.openFilesMax],
    // For the whole life of the child: the last resort when the server's own watch is gone.
    ['cpu', 'cpu time', Math.ceil((limits.cpuMsMax * cpuCallsMax) / 1000)],
  ] as const;
  const flags = wanted.map(([flag, name, limit]) => `--${flag}=${Math.min(limit, hardLimit(own, name))}`);
  return [prlimit, ...flags, '--core=0', ...command];
}

/** What we are limited to ourselves, which only root may raise. */
function hardLimit(limits: string, name: string): number {
  const hard = limits.match(new RegExp(`^Max ${name} +\\S+ +(\\d+)`, 'm'))?.[1];
  return hard === undefined ? Infinity : Number(hard);
}

/** Takes every privilege away, and as root the user too; the last step before Node. */
export function unprivileged(machine: Machine, setpriv: string): string[] {
  const user = machine.root ? [`--reuid=${boxUser.uid}`, `--regid=${boxUser.gid}`, '--clear-groups'] : [];
  return [setpriv, ...user, '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'];
}

/** Node with the program. `own` are flags of the tier. */
export function nodeCommand(
  view: View,
  { limits, addons = false }: BoxProgram,
  folders: { readonly input: string; readonly output: string },
  own: readonly string[] = [],
): string[] {
  return [
    process.execPath,
    ...(view.entry.endsWith('.ts') ? ['--conditions=octavo-source'] : []),
    // Collects garbage before the kernel's limit is reached, which V8 does not know.
    `--max-old-space-size=${Math.floor((limits.memoryBytesMax / 1024 / 1024) * 0.75)}`,
    '--disallow-code-generation-from-strings',
    ...(addons ? [] : ['--no-addons']),
    ...own,
    view.entry,
    folders.input,
    folders.output,
  ];
}
