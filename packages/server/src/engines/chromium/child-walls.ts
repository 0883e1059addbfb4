import { readdirSync, readFileSync } from 'node:fs';

/** Seccomp with a filter, as /proc has it. */
const filtered = '2';

/**
 * Looks whether the browser has walled off what reads pages: by a filter of system calls, and by a namespace of its own. Throws where it
 * has not, or where there is nothing of the kind.
 */
export function assertWalls(): void {
  const readers = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isReader(name));
  if (readers.length === 0) throw new Error('No process of the browser reads pages.');
  for (const process of readers) {
    const status = textOf(process, 'status');
    const value = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';
    if (status !== '' && (value('Seccomp') !== filtered || value('NSpid').split(/\s+/).length < 2))
      throw new Error('The sandbox of the browser is not there.');
  }
}

function isReader(process: string): boolean {
  return textOf(process, 'cmdline').includes('--type=renderer');
}

/** Empty where the process has just ended. */
function textOf(process: string, name: string): string {
  try {
    return readFileSync(`/proc/${process}/${name}`, 'latin1');
  } catch {
    return '';
  }
}
