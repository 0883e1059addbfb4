import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';

import type { EmbeddedDatabase } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { createSecrets, secretText } from '../../src/jobs/secrets.ts';
import { signatureHeaders } from '../../src/jobs/signature.ts';
import { createPost } from '../../src/net/post.ts';
import { open, temporaryDirectory, until } from '../database/harness.ts';
import { type Received, startReceiver } from '../net/receiver.ts';
import { startWorld, write } from './harness.ts';

const post = createPost({ allow: ['127.0.0.0/8'], timeoutMs: 10_000 });

describe('the signature of a callback', () => {
  it('is that of the reference implementations, on their example', () => {
    const signed = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      body: '{"test": 2432232314}',
      nowMs: 1_614_265_330_999,
    };
    const secrets = ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
    assert.deepEqual(signatureHeaders({ ...signed, secrets }), {
      'webhook-id': signed.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('counts the bytes of the body, and has one part for each secret', () => {
    const secrets = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map((one) => one.toString('base64'));
    const body = '{"a":"é漢"}';
    const headers = signatureHeaders({ id: 'x', body, nowMs: Date.now(), secrets });
    for (const secret of secrets) new Webhook(secretText(secret)).verify(body, headers);
    const other = new Webhook(secretText(Buffer.alloc(32, 3).toString('base64')));
    assert.throws(() => other.verify(body, headers));
    assert.equal(headers['webhook-signature']?.split(' ').length, 2);
  });
});

describe('a signed callback', { timeout: 60_000 }, () => {
  const directory = temporaryDirectory();
  let database: EmbeddedDatabase;
  before(async () => {
    database = await open(directory);
    await migrate(database);
  });
  after(() => database.close());

  /** What a receiver hears that refuses the first `refused` attempts. */
  async function hear(tenant: number, refused: number): Promise<readonly Received[]> {
    await using receiver = await startReceiver((response, number) =>
      response.writeHead(number <= refused ? 500 : 204).end(),
    );
    await using world = await startWorld(
      database,
      directory,
      { write },
      { post, callbackAgainMs: [1, 1, 1] },
    );
    const job = await world.accept('write', { tenant, callback: receiver.at('/') });
    await receiver.count(refused + 1);
    await until(async () => (await database.query('SELECT FROM octavo.delivery')).length === 0);
    for (const { headers } of receiver.received) assert.equal(headers['webhook-id'], job.id);
    return receiver.received;
  }
  const isSignedBy = ({ body, headers }: Received, secret: string) => {
    try {
      new Webhook(secretText(secret)).verify(body, headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  };

  it('is signed on each attempt, under one id, by the secret of its tenant alone', async () => {
    const received = await hear(7, 2);
    assert.equal(received.length, 3);
    const secrets = createSecrets(database);
    const [own, ...more] = await secrets.of(7);
    assert.deepEqual(more, []);
    for (const one of received) assert.ok(isSignedBy(one, own as string));
    const [other] = await secrets.of(8);
    assert.ok(!isSignedBy(received[0] as Received, other as string));
  });

  it('is signed by both secrets while receivers change over, and then by the new one', async () => {
    const secrets = createSecrets(database);
    const [old] = (await secrets.of(9)) as [string];
    const fresh = await secrets.rotate(9);
    const [during] = (await hear(9, 0)) as [Received];
    assert.deepEqual([isSignedBy(during, old), isSignedBy(during, fresh)], [true, true]);
    assert.equal(await secrets.retire(9), 1);
    const [afterwards] = (await hear(9, 0)) as [Received];
    assert.deepEqual([isSignedBy(afterwards, old), isSignedBy(afterwards, fresh)], [false, true]);
    assert.equal(await secrets.retire(9), 0);
  });
});

describe('secrets', { timeout: 60_000 }, () => {
  it('are long, two at most, and one where many ask for the first at the same time', async () => {
    await using database = await open(temporaryDirectory());
    await migrate(database);
    const secrets = createSecrets(database);
    const asked = await Promise.all(Array.from({ length: 8 }, () => secrets.of(1)));
    for (const one of asked) assert.deepEqual(one, asked[0]);
    const made = [asked[0]?.[0] as string];
    for (let n = 0; n < 3; n++) made.push(await secrets.rotate(1));
    assert.equal(new Set(made).size, 4);
    for (const one of made) assert.equal(Buffer.from(one, 'base64').length, 32);
    assert.deepEqual(await secrets.of(1), [made[3], made[2]]);
    assert.equal((await secrets.of(2)).length, 1);
  });
});
