import { dirname } from 'node:path';
import type { Launcher, Machine } from './launch.ts';
import { limited, nodeCommand, unprivileged } from './launch.ts';
import type { NativeProgram } from './sandbox.ts';
import type { View } from './view.ts';
import { ancestors } from './view.ts';

const inside = { input: '/box/in', output: '/box/out', code: '/box/code' };

/** Boxes by bubblewrap. Where it is not installed: null. */
export function bubblewrap(machine: Machine): Launcher | null {
  const [bwrap, setpriv] = [machine.find('bwrap'), machine.find('setpriv')];
  if (!machine.linux || bwrap === null || setpriv === null) return null;
  return {
    tier: 'bubblewrap',
    tools: [setpriv],
    launch: (view, folders, program) => {
      const [command = bwrap, ...args] = limited(machine, program.limits, [
        bwrap,
        '--die-with-parent',
        // Root needs no user namespace, and without one a box is another user for the host too.
        ...(machine.root ? [] : ['--unshare-user']),
        '--unshare-pid',
        '--unshare-net',
        '--unshare-ipc',
        '--unshare-uts',
        '--unshare-cgroup-try',
        // First, as the program itself may lie in the folder that it covers.
        ...(program.native === undefined ? [] : scratch(program.native)),
        ...mounts(view),
        '--ro-bind',
        folders.input,
        inside.input,
        '--bind',
        folders.output,
        inside.output,
        ...(folders.code === undefined ? [] : ['--ro-bind', folders.code, inside.code]),
        // The root itself lives in memory: nothing may be written there.
        '--remount-ro',
        '/',
        '--chdir',
        '/',
        '--',
        ...unprivileged(machine, setpriv),
        ...nodeCommand(view, program, inside),
      ]);
      return { command, args, ...inside, layers: 2 };
    },
  };
}

/** `--size` and `--perms` hold for the next mount. */
function scratch({ scratchBytesMax }: NativeProgram): string[] {
  return ['--proc', '/proc', '--perms', '1777', '--size', String(scratchBytesMax), '--tmpfs', '/tmp'];
}

function mounts(view: View): string[] {
  const reads = [...view.system, ...view.program];
  const places = [...reads, ...view.links.map((link) => link.at), '/box/in', '/dev/null'];
  const folders = new Set(places.flatMap((place) => ancestors(dirname(place))));
  return [
    // Made by name: folders that bubblewrap makes on its way are closed to other users.
    ...[...folders].sort().flatMap((folder) => (folder === '/' ? [] : ['--dir', folder])),
    ...reads.flatMap((path) => ['--ro-bind', path, path]),
    ...view.links.flatMap((link) => ['--symlink', link.to, link.at]),
    ...['/dev/null', '/dev/urandom'].flatMap((device) => ['--dev-bind', device, device]),
  ];
}
