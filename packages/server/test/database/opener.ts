import { openEmbedded } from '../../src/database/embedded.ts';
import { silentLog } from '../../src/platform/log.ts';

/** A server that is killed: opens the database, says so, and stays. */
const database = await openEmbedded({ dataDirectory: process.argv[2] ?? '', log: silentLog });
console.log(database.postmasterPid());
setInterval(() => {}, 1_000);
