import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BoxFolders, Launcher, Machine } from './launch.ts';
import { limited, nodeCommand, unprivileged } from './launch.ts';
import type { BoxProgram, NativeProgram } from './sandbox.ts';
import type { View } from './view.ts';

const inside = { input: '/box/in', output: '/box/out', code: '/box/code' };

/** Boxes by `unshare` and `mount` of util-linux: the same walls as bubblewrap's. Where a program is missing: null. */
export function namespaces(machine: Machine): Launcher | null {
  const [unshare, setpriv, sh] = [machine.find('unshare'), machine.find('setpriv'), machine.find('sh')];
  const needed = ['mount', 'umount', 'pivot_root', 'mkdir', 'touch', 'ln'];
  if (!machine.linux || unshare === null || setpriv === null || sh === null) return null;
  if (needed.some((program) => machine.find(program) === null)) return null;
  return {
    tier: 'namespaces',
    tools: [setpriv],
    launch: (view, folders, program) => {
      const node = [...unprivileged(machine, setpriv), ...nodeCommand(view, program, inside)];
      const [command = unshare, ...args] = limited(machine, program.limits, [
        setpriv,
        '--pdeathsig',
        'KILL',
        unshare,
        ...(machine.root ? [] : ['--user', '--map-root-user']),
        '--mount',
        '--pid',
        '--net',
        '--ipc',
        '--uts',
        '--kill-child',
        sh,
        '-c',
        script(machine, view, folders, program),
        'box',
        ...node,
      ]);
      return { command, args, ...inside, layers: 2 };
    },
  };
}

/**
 * Puts a new root together, moves into it and waits for Node. The shell stays as the first process of the namespace: it alone
 * keeps the order to die with its parent, which the kernel forgets when a process gives its privileges away.
 */
function script(machine: Machine, view: View, folders: BoxFolders, { native }: BoxProgram): string {
  const program = (name: string) => quoted(machine.find(name) ?? name);
  const within = (path: string) => quoted(folders.root + path);
  const reads = [...view.system, ...view.program];
  const isFolder = (path: string) => statSync(path).isDirectory();
  const files = [...reads.filter((path) => !isFolder(path)), '/dev/null', '/dev/urandom'];
  const directories = [
    ...reads.filter(isFolder),
    ...[...files, ...view.links.map((link) => link.at)].map((path) => dirname(path)),
    inside.input,
    inside.output,
    ...(folders.code === undefined ? [] : [inside.code]),
    '/old',
  ];
  const own = ({ scratchBytesMax }: NativeProgram) => [
    `${program('mkdir')} ${within('/proc')} ${within('/tmp')}`,
    `${program('mount')} -t proc proc ${within('/proc')}`,
    `${program('mount')} -t tmpfs -o mode=1777,size=${scratchBytesMax},nosuid,nodev tmpfs ${within('/tmp')}`,
    // Programs talk to each other over loopback; where it stays down, those that have to will say so.
    ...(machine.find('ip') === null ? [] : [`${program('ip')} link set lo up || true`]),
  ];
  const bind = (options: string, from: string, to: string) =>
    `${program('mount')} -o bind,${[options, ...kept(from)].join()} ${quoted(from)} ${within(to)}`;
  return [
    'set -e',
    `${program('mount')} -t tmpfs -o mode=0755,size=1m,nosuid,nodev tmpfs ${within('')}`,
    // Before the rest, as the program itself may lie in a folder that they cover.
    ...(native === undefined ? [] : own(native)),
    `${program('mkdir')} -p ${[...new Set(directories)].map(within).join(' ')}`,
    `${program('touch')} ${files.map(within).join(' ')}`,
    ...view.links.map((link) => `${program('ln')} -s ${quoted(link.to)} ${within(link.at)}`),
    // umount reads the table of mounts: it has to find it, as long as the old root is there.
    ...(native === undefined ? [`${program('ln')} -s old/proc ${within('/proc')}`] : []),
    ...reads.map((path) => bind('ro', path, path)),
    ...['/dev/null', '/dev/urandom'].map((path) => bind('rw', path, path)),
    bind('ro', folders.input, inside.input),
    bind('rw', folders.output, inside.output),
    ...(folders.code === undefined ? [] : [bind('ro', folders.code, inside.code)]),
    `${program('mount')} -o remount,bind,ro,nosuid,nodev ${within('')}`,
    `cd ${within('')}`,
    `${program('pivot_root')} . old`,
    `${quoted(`/old${machine.find('umount') ?? ''}`)} -l /old`,
    'unset PATH PWD OLDPWD',
    '"$@"',
    'exit $?',
  ].join('\n');
}

/** Options of the mount that a path lies on: a user namespace may not take them away. */
function kept(path: string): string[] {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , , , at = '-']) => at === '/' || path === at || path.startsWith(`${at}/`))
    .sort((one, other) => (one[4] ?? '').length - (other[4] ?? '').length);
  const options = mounts.at(-1)?.[5]?.split(',') ?? [];
  return options.filter((option) =>
    ['nosuid', 'nodev', 'noexec', 'noatime', 'nodiratime', 'relatime'].includes(option),
  );
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
