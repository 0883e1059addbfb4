import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { type Received, startReceiver } from '../net/receiver.ts';
import { onePagePdf } from '../program/document.ts';
import { served } from '../program/served.ts';

describe('callbacks of a running server', { timeout: 120_000 }, () => {
  const octavo = served({ OCTAVO_ALLOW_SOURCES: '127.0.0.0/8' });
  const secretIn = (printed: string) => /^whsec_\S+$/m.exec(printed)?.[0] as string;

  it('are signed, stay as records when they are given up, and are sent again by an operator', async () => {
    const old = secretIn(await octavo.command('webhooks', 'show'));
    await using receiver = await startReceiver((response, number) =>
      response.writeHead(number <= 2 ? 410 : 200).end(),
    );
    const { client } = octavo;
    const link = await client.upload('a.pdf', onePagePdf('a'));
    const { jobId } = await client.json(
      `/pdf/merge?async=true&url=${link}&callback=${encodeURIComponent(receiver.at('/hook?token=t0k3n'))}`,
    );
    await receiver.count(1);
    let listed = '';
    while (!/\tfailed\t/.test(listed)) listed = await octavo.command('deliveries', 'list');
    assert.match(
      listed,
      new RegExp(`^${String(jobId)}\tfailed\t127\\.0\\.0\\.1:\\d+\t1 attempts\tlast .*: it answered 410\n$`),
    );
    assert.equal(await octavo.command('deliveries', 'list', '--failed'), listed);

    const fresh = secretIn(await octavo.command('webhooks', 'rotate'));
    assert.notEqual(fresh, old);
    await octavo.command('deliveries', 'resend', String(jobId));
    await receiver.count(2);
    await octavo.command('webhooks', 'retire');
    while (!(await octavo.command('deliveries', 'resend', '--failed')).startsWith('1 '));
    await receiver.count(3);
    while ((await octavo.command('deliveries', 'list')) !== '');
    const signedBy = (one: Received) =>
      [old, fresh].map((secret) => {
        try {
          new Webhook(secret).verify(one.body, one.headers as Record<string, string>);
          return true;
        } catch {
          return false;
        }
      });
    assert.deepEqual(receiver.received.map(signedBy), [
      [true, false],
      [true, true],
      [false, true],
    ]);
    for (const { headers, body } of receiver.received) {
      assert.equal(headers['webhook-id'], jobId);
      assert.deepEqual([JSON.parse(body).jobId, JSON.parse(body).status], [jobId, 'success']);
    }
    for (const hidden of ['t0k3n', old, fresh]) assert.ok(!octavo.printed().includes(hidden));
  });

  it('are shown to the key of an admin alone', async () => {
    const ask = async (key: string) =>
      (await fetch(`${octavo.base}/admin/deliveries`, { headers: { 'x-api-key': key } })).status;
    const keyIn = (printed: string) => /^oct_\S+$/m.exec(printed)?.[0] as string;
    assert.equal(await ask(keyIn(await octavo.command('keys', 'create', '--admin', 'operator'))), 200);
    assert.equal(await ask(keyIn(await octavo.command('keys', 'create', 'client'))), 403);
    assert.equal(await ask(''), 401);
    assert.match(await octavo.command('keys', 'list'), /operator\tadmin\t.*\n\d+\tclient\tmade/);
  });

  it('are not touched by what is not understood', async () => {
    for (const words of [
      ['deliveries'],
      ['deliveries', 'resend'],
      ['deliveries', 'list', 'x'],
      ['webhooks'],
      ['webhooks', 'show', 'x'],
      ['webhooks', 'constructor'],
      ['keys', 'list', '--admin'],
    ])
      await assert.rejects(octavo.command(...words), /usage: octavo/);
    await assert.rejects(octavo.command('webhooks', 'show', '999'), /There is no key 999/);
    await assert.rejects(octavo.command('deliveries', 'resend', 'x'), /There is no delivery x/);
  });
});
