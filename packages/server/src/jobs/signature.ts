import { createHmac } from 'node:crypto';

/** What one attempt at a callback is known by. */
export interface Signed {
  /** The same for all attempts: who has seen it has heard this one already. */
  readonly id: string;
  readonly body: string;
  readonly nowMs: number;
  /** Base64, the newest first. */
  readonly secrets: readonly string[];
}

/** The headers of Standard Webhooks 1.0, with a signature for each secret. */
export function signatureHeaders({ id, body, nowMs, secrets }: Signed): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const sign = (secret: string) =>
    `v1,${createHmac('sha256', Buffer.from(secret, 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map(sign).join(' '),
  };
}
