import { closeSync, constants, mkdirSync, openSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

import type { ClientConfig } from 'pg';

import type { Log } from '../platform/log.ts';
import { findBinaries, type Binaries } from './binaries.ts';
import { databaseName, makeCluster, ownDirectory, type Owner, ownerOf, role } from './cluster.ts';
import { answers, connect } from './connect.ts';
import type { Database } from './database.ts';
import { lockDirectory, type Lock } from './lock.ts';
import { runPostmaster } from './postmaster.ts';

export interface EmbeddedOptions {
  /** The server's data directory; the database lies in `database` inside. */
  readonly dataDirectory: string;
  readonly log: Log;
  /** Connections of the pool at most. */
  readonly connectionsMax?: number;
  /** For commands beside a running server: uses its database instead of refusing. */
  readonly shared?: boolean;
  /** Folder of the package with the programs; found by itself when it is left out. */
  readonly package?: string;
}

/** What is ours alone to know, for tests and for the log. */
export interface EmbeddedDatabase extends Database {
  readonly postmasterPid: () => number | undefined;
}

/**
 * A real PostgreSQL in the data directory, made there at the first start, supervised from then on, reached by a socket in its
 * own directory. Throws a sentence where another server uses the data directory.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  mkdirSync(options.dataDirectory, { recursive: true });
  const lock = await lockDirectory(options.dataDirectory);
  if (lock === null && options.shared !== true)
    throw new Error(
      `Another Octavo server uses the data directory ${options.dataDirectory}: stop it, or choose another.`,
    );
  try {
    return await open(options, lock);
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

async function open(options: EmbeddedOptions, lock: Lock | null): Promise<EmbeddedDatabase> {
  const home = join(realpathSync(options.dataDirectory), 'database');
  const directory = join(home, 'cluster');
  const owner = await ownerOf(directory);
  const binaries = lock === null ? undefined : await prepare(options, home, directory, owner);
  const way = wayTo(directory);
  const postmaster =
    binaries &&
    (await runPostmaster({
      binaries,
      owner,
      directory,
      logFile: join(home, 'postgres.log'),
      connection: way.connection,
      settings,
      log: options.log,
    }));
  const connected = connect(way.connection, {
    log: options.log,
    connectionsMax: options.connectionsMax ?? 16,
  });
  let closed: Promise<void> | undefined;
  async function close(): Promise<void> {
    await connected.close();
    way.close();
    await postmaster?.stop();
    await lock?.release();
  }
  return {
    ...connected,
    alone: lock !== null,
    postmasterPid: () => postmaster?.pid(),
    async probe() {
      const reason = await answers(way.connection, 1_800);
      return reason === null
        ? { ready: true, says: 'The embedded PostgreSQL answers.' }
        : { ready: false, says: `The embedded PostgreSQL does not answer, and is started again: ${reason}.` };
    },
    close: () => (closed ??= close()),
  };
}

async function prepare(
  options: EmbeddedOptions,
  home: string,
  directory: string,
  owner: Owner,
): Promise<Binaries> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const binaries = await findBinaries({ uid: owner.uid, copyTo: home, package: options.package });
  await makeCluster(directory, binaries, owner);
  return binaries;
}

/** A path that fits into a socket address however long the directory's own is: through a descriptor of ours. */
function wayTo(directory: string): { connection: ClientConfig; close(): void } {
  const short = Buffer.byteLength(directory) < 80;
  const fd = short ? undefined : openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  return {
    connection: {
      host: short ? directory : `/proc/self/fd/${fd}`,
      port: 5432,
      user: role,
      database: databaseName,
      ssl: false,
    },
    close: () => fd !== undefined && closeSync(fd),
  };
}

/** Durable, for one server on one machine, and small: no parallel workers, no replication, few processes. */
const settings = {
  listen_addresses: '',
  unix_socket_directories: ownDirectory,
  unix_socket_permissions: '0700',
  ssl: 'off',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: 40,
  shared_buffers: '32MB',
  work_mem: '2MB',
  maintenance_work_mem: '16MB',
  huge_pages: 'off',
  io_method: 'sync',
  jit: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  wal_buffers: '1MB',
  min_wal_size: '32MB',
  max_wal_size: '256MB',
  checkpoint_timeout: '15min',
  autovacuum: 'on',
  autovacuum_max_workers: 1,
  autovacuum_worker_slots: 2,
  // The rows of a queue live for a second: what they leave behind has to go soon.
  autovacuum_naptime: '15s',
  max_worker_processes: 0,
  max_logical_replication_workers: 0,
  max_parallel_workers: 0,
  max_parallel_workers_per_gather: 0,
  max_parallel_maintenance_workers: 0,
  // A connection that we gave up must not work on, nor keep its locks.
  client_connection_check_interval: '1s',
  idle_in_transaction_session_timeout: '10s',
  random_page_cost: 1.1,
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_min_messages: 'warning',
} as const;
