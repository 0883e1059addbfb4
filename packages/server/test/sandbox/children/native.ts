/** Starts a shell in its box, as engines start programs of the system. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { serve } from '../../../src/sandbox/child.ts';
import { door } from '../../../src/sandbox/child-door.ts';

const env = { PATH: '/usr/bin:/bin' };

await serve(async (message) => {
  const { does, script = '' } = message as { does: string; script?: string };
  if (does === 'knock') {
    const stream = door();
    stream.write('who is there?');
    const [answer] = (await once(stream, 'data')) as [Buffer];
    stream.destroy();
    return { answer: answer.toString() };
  }
  if (does === 'leave') {
    const child = spawn('/bin/sh', ['-c', script], { env, detached: true, stdio: 'ignore' });
    await once(child, 'spawn');
    return {};
  }
  const { stdout, stderr, status } = spawnSync('/bin/sh', ['-c', script], { env });
  return { out: stdout.toString(), err: stderr.toString(), status };
});
