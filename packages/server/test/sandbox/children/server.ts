import { silentLog } from '../../../src/platform/log.ts';
import type { Pool } from '../../../src/sandbox/pool.ts';
import { openSandbox } from '../../../src/sandbox/open.ts';
import type { Tier } from '../../../src/sandbox/sandbox.ts';
import { workProgram } from '../program.ts';

// A server with boxes, one of them in an endless call, that waits to be killed.
const [, , directory = '', tier = ''] = process.argv;
const sandbox = await openSandbox({ directory, log: silentLog, allow: [tier as Tier] });
const pool = sandbox.pool(workProgram({ size: 2 })) as Pool;
const call = { inputs: [], outputDirectory: directory, wallMsMax: 600_000 };
await pool.ready();
void pool.run({ ...call, message: { does: 'loop' } }).catch(() => {});
process.stdout.write(`${JSON.stringify(pool.pids())}\n`);
