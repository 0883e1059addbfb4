export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Structured log. An event is a short lower-case phrase; fields hold no link, password, key or path of a client. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A log that adds these fields to each line. */
  with(fields: LogFields): Log;
}

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Writes one line for each event: text for a terminal, JSON for everything else. */
export function createLog(options: {
  readonly level: LogLevel;
  readonly format: 'text' | 'json';
  readonly write: (line: string) => void;
  readonly now: () => number;
}): Log {
  const lowest = logLevels.indexOf(options.level);
  const line = options.format === 'json' ? jsonLine : textLine;
  const make = (fixed: LogFields): Log => {
    const at = (level: LogLevel) => (event: string, fields?: LogFields) => {
      if (logLevels.indexOf(level) < lowest) return;
      options.write(line(new Date(options.now()), level, event, { ...fixed, ...fields }));
    };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      with: (fields) => make({ ...fixed, ...fields }),
    };
  };
  return make({});
}

/** For tests and for parts that are used without a server. */
export const silentLog: Log = createLog({ level: 'error', format: 'json', write: () => {}, now: () => 0 });

function jsonLine(time: Date, level: LogLevel, event: string, fields: LogFields): string {
  return `${JSON.stringify({ time: time.toISOString(), level, event, ...fields })}\n`;
}

function textLine(time: Date, level: LogLevel, event: string, fields: LogFields): string {
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? JSON.stringify(value) : value}`);
  return `${time.toISOString().slice(11, 23)} ${level.padEnd(5)} ${event}${rest.join('')}\n`;
}
