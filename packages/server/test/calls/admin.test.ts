import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import type { EmbeddedDatabase } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { createDeliveryRecords } from '../../src/jobs/records.ts';
import { createKeys } from '../../src/keys/keys.ts';
import { open, temporaryDirectory } from '../database/harness.ts';
import { startEdge, type TestEdge } from '../http/edge.ts';
import { bare, RawClient, send, withBody } from '../http/raw.ts';

describe('/admin/deliveries', () => {
  const [one, two] = [randomUUID(), randomUUID()];
  let database: EmbeddedDatabase;
  let edge: TestEdge;
  let admin: string;
  let other: string;
  before(async () => {
    database = await open(temporaryDirectory());
    await migrate(database);
    const keys = createKeys(database);
    admin = (await keys.create('admin', true)).key;
    other = (await keys.create('other')).key;
    // Calls need no key, but those of admins do.
    edge = await startEdge(
      {},
      {
        authenticateAdmin: (key) => keys.verifyAdmin(key),
        deliveries: createDeliveryRecords(database),
      },
    );
    await database.query(
      `INSERT INTO octavo.delivery (job, link, host, body, due_at, attempts, last_at, last_status, last_reason, created_at) VALUES
         ($1, 'http://a.example/secret', 'a.example', '{}', NULL, 8, $3, 500, NULL, $3),
         ($2, 'http://b.example/secret', 'b.example', '{}', $4, 1, $3, NULL, 'it took too long', $3)`,
      [one, two, '2026-01-02T03:04:05Z', '2126-01-02T03:04:05Z'],
    );
  });
  after(async () => {
    await edge.stop();
    await database.close();
  });
  const get = (query: string, key: string) =>
    send(edge.port, bare(`GET /admin/deliveries${query}`, `x-api-key: ${key}`));
  const resend = (fields: object, key: string) =>
    send(
      edge.port,
      withBody('POST /v1/admin/deliveries/resend', [`x-api-key: ${key}`], JSON.stringify(fields)),
    );

  it('is for the keys of admins alone, and asks before it reads', async () => {
    for (const path of ['GET /admin/deliveries', 'POST /admin/deliveries/resend']) {
      for (const [key, status] of [
        [undefined, 401],
        [`oct_${'x'.repeat(43)}`, 401],
        [other, 403],
      ] as const) {
        const client = await RawClient.open(edge.port);
        client.write(
          bare(path, ...(key === undefined ? [] : [`x-api-key: ${key}`]), 'Content-Length: 1000000'),
        );
        const answer = await client.answer();
        assert.deepEqual([answer.status, answer.json().error], [status, true]);
      }
    }
    assert.equal((await database.query('SELECT FROM octavo.delivery WHERE due_at IS NULL')).length, 1);
  });

  it('lists them in pages', async () => {
    const answer = await get('', admin);
    assert.equal(answer.status, 200);
    assert.doesNotMatch(answer.body.toString(), /secret/);
    const at = '2026-01-02T03:04:05.000Z';
    const first = { id: one, tenant: 0, state: 'failed', host: 'a.example', attempts: 8, createdAt: at };
    const second = { id: two, tenant: 0, state: 'waiting', host: 'b.example', attempts: 1, createdAt: at };
    assert.deepEqual(answer.json(), {
      deliveries: [
        { ...first, triedAt: at, status: 500 },
        { ...second, triedAt: at, reason: 'it took too long', nextAt: '2126-01-02T03:04:05.000Z' },
      ],
      error: false,
      status: 200,
    });
    const page = (await get('?limit=1', admin)).json();
    assert.equal(page.deliveries[0].id, one);
    const rest = (await get(`?limit=1&after=${page.next}`, admin)).json();
    assert.deepEqual([rest.deliveries[0].id, rest.next], [two, undefined]);
    assert.equal((await get('?state=failed', admin)).json().deliveries.length, 1);
    for (const wrong of ['?state=lost', '?limit=0', '?limit=1001', '?after=-1', '?after=1e99'])
      assert.equal((await get(wrong, admin)).status, 400, wrong);
  });

  it('makes them due again, one or all that were given up', async () => {
    for (const [fields, status] of [
      [{}, 400],
      [{ failed: false }, 400],
      [{ id: 'x' }, 404],
      [{ id: randomUUID() }, 404],
    ] as const)
      assert.equal((await resend(fields, admin)).status, status);
    assert.equal((await resend({ failed: true }, admin)).json().resent, 1);
    assert.equal((await resend({ failed: true }, admin)).json().resent, 0);
    assert.equal((await resend({ id: two }, admin)).json().resent, 1);
    const due = await database.query('SELECT FROM octavo.delivery WHERE due_at <= now() AND attempts = 0');
    assert.equal(due.length, 2);
  });

  it('is reached by its own methods', async () => {
    assert.equal((await send(edge.port, bare('GET /admin/deliveries/resend'))).status, 405);
    assert.equal((await send(edge.port, bare('POST /admin/deliveries'))).status, 405);
  });
});
