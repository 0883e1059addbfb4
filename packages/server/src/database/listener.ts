import { Client, escapeIdentifier, type ClientConfig } from 'pg';

import type { Log } from '../platform/log.ts';
import type { Database } from './database.ts';
import { sentence } from './down.ts';

const againMsMin = 50;
const againMsMax = 1_000;
const beatMs = 5_000;
const answerMsMax = 2_000;

interface Ear {
  readonly hear: (payload: string) => void;
  readonly again: () => void;
}

/** Listens on one connection for all channels, which is made when the first is asked for and again whenever it is lost. */
export function createListener(
  config: ClientConfig,
  log: Log,
): { listen: Database['listen']; close(): Promise<void> } {
  const ears = new Map<string, Ear[]>();
  let client: Client | undefined;
  let connecting: Promise<void> | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  async function open(): Promise<void> {
    const next = new Client({
      ...config,
      application_name: 'octavo listener',
      connectionTimeoutMillis: answerMsMax,
      query_timeout: answerMsMax,
      keepAlive: true,
      pipeline: true,
    });
    next.on('error', () => {});
    next.on('notification', ({ channel, payload }) => {
      for (const ear of ears.get(channel) ?? []) ear.hear(payload ?? '');
    });
    try {
      await next.connect();
      for (const channel of ears.keys()) await next.query(`LISTEN ${escapeIdentifier(channel)}`);
    } catch (error) {
      next.end().catch(() => {});
      throw error;
    }
    next.once('end', () => lost(next));
    client = next;
    beat(next);
  }

  /** Tries until it listens, or is closed. */
  async function keepOpening(): Promise<void> {
    for (let waitMs = againMsMin; ; waitMs = Math.min(waitMs * 2, againMsMax)) {
      if (closed) return;
      try {
        return await open();
      } catch (error) {
        log.debug('database listener waits', { reason: sentence(error) });
        await new Promise((resolve) => setTimeout(resolve, waitMs).unref());
      }
    }
  }

  function lost(which: Client): void {
    if (client !== which || closed) return;
    client = undefined;
    clearTimeout(timer);
    connecting = openAgain();
  }

  async function openAgain(): Promise<void> {
    await keepOpening();
    for (const ear of [...ears.values()].flat()) ear.again();
  }

  /** A connection can die in silence: its query limit cuts it, and `end` finds it. */
  function beat(which: Client): void {
    timer = setTimeout(() => {
      which.query('SELECT 1').then(
        () => beat(which),
        () => which.end().catch(() => {}),
      );
    }, beatMs).unref();
  }

  return {
    async listen(channel, hear, again) {
      const known = ears.has(channel);
      ears.set(channel, [...(ears.get(channel) ?? []), { hear, again }]);
      connecting ??= keepOpening();
      await connecting;
      if (!known && client !== undefined)
        await client.query(`LISTEN ${escapeIdentifier(channel)}`).catch(() => client?.end());
      await connecting;
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await connecting?.catch(() => {});
      await client?.end().catch(() => {});
    },
  };
}
