import type { Config } from '../config.ts';
import { systemClock } from '../platform/clock.ts';
import { createLog, type Log } from '../platform/log.ts';

/** The log of a process: one line for each event on standard error. */
export function logOf(config: Config): Log {
  return createLog({
    level: config.logLevel,
    format: config.logFormat === '' ? (process.stderr.isTTY ? 'text' : 'json') : config.logFormat,
    write: (line) => process.stderr.write(line),
    now: systemClock.now,
  });
}
