import type { Launcher, Machine } from './launch.ts';
import { boxUser, limited, nodeCommand } from './launch.ts';

/** From the box's own folder, where it starts: the folders above are closed to its user when the server is root. */
const inside = { input: './in', output: './out' };

/**
 * Boxes without walls: the kernel's limits where `prlimit` is installed, the watch on memory, and Node's permission model. It
 * holds programs in JavaScript to their folders, but the network is open, and machine code could do what its user can.
 */
export function limitedTier(machine: Machine): Launcher {
  const setpriv = machine.linux ? machine.find('setpriv') : null;
  const dying = setpriv === null ? [] : [setpriv, '--pdeathsig', 'KILL', '--no-new-privs'];
  return {
    tier: 'limited',
    tools: [],
    launch: (view, folders, program) => {
      const reads = [...view.program, ...view.links.map((link) => link.at)];
      const node = nodeCommand(view, program, inside, [
        '--permission',
        ...(program.addons === true ? ['--allow-addons'] : []),
        ...[...reads, `${folders.input}/*`, `${folders.output}/*`].map((path) => `--allow-fs-read=${path}`),
        `--allow-fs-write=${folders.output}/*`,
      ]);
      const [command = process.execPath, ...args] = limited(machine, program.limits, [...dying, ...node]);
      return { command, args, ...inside, cwd: folders.all, layers: 0, ...(machine.root ? boxUser : {}) };
    },
  };
}
