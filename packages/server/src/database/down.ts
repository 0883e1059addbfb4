import { DatabaseError } from 'pg';

import { Failure } from '../errors.ts';

/** Classes and codes of PostgreSQL that say "not now", not "wrong statement": connection, resources, shutdown, system error. */
const downCodes = /^(?:08|53|58|57P0[123]|57014|55P03)/;

/** Turns what the driver throws into the Failure `databaseDown`, unless the statement itself was at fault. */
export function asFailure(error: unknown): unknown {
  if (!isDown(error)) return error;
  return new Failure('databaseDown', {}, { detail: sentence(error), cause: error });
}

/** True where the database, or the way to it, is at fault and the connection must not be used again. */
export function isDown(error: unknown): boolean {
  if (error instanceof Failure || error instanceof TypeError || error instanceof RangeError) return false;
  if (error instanceof DatabaseError) return downCodes.test(error.code ?? '');
  return error instanceof Error && (isOfDriver(error) || 'syscall' in error);
}

/** Whether a statement failed with this code of PostgreSQL, or of a function of ours. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof DatabaseError && error.code === code;
}

/** The text of an error, for the log. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The driver has no class of its own for a lost connection: its sentences are all there is. */
function isOfDriver(error: Error): boolean {
  return /connection|connect|timeout|terminated|not queryable|pool/i.test(error.message);
}
