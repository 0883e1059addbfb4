import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createPost, type PostOptions } from '../../src/net/post.ts';
import { startReceiver } from './receiver.ts';

const never = new AbortController().signal;
const send = (link: string, more: Partial<PostOptions> = {}, stop = never) =>
  createPost({ allow: ['127.0.0.0/8'], timeoutMs: 20_000, ...more })(link, '{"a":"é"}', stop);

describe('post', { timeout: 30_000 }, () => {
  it('sends JSON once, and gives the status', async () => {
    for (const status of [200, 204, 410, 500]) {
      await using receiver = await startReceiver((response) => response.writeHead(status).end());
      assert.deepEqual(await send(receiver.at('/a?b=c#d')), { status });
      assert.equal(receiver.received.length, 1);
      const [{ method, path, headers, body } = { headers: {} as never, body: '' }] = receiver.received;
      assert.deepEqual([method, path, body], ['POST', '/a?b=c', '{"a":"é"}']);
      assert.equal(headers['content-type'], 'application/json');
      assert.equal(headers['content-length'], '10');
      assert.equal(headers['transfer-encoding'], undefined);
      assert.equal(headers.authorization, undefined);
    }
  });

  it('does not go to a link with a user name or a password', async () => {
    await using receiver = await startReceiver();
    for (const user of ['me@', 'me:p%40ss@', ':pw@']) {
      assert.deepEqual(await send(receiver.at('/').replace('//', `//${user}`)), {
        failed: 'it is no link',
        refused: true,
      });
    }
    assert.equal(receiver.received.length, 0);
  });

  it('follows no redirect', async () => {
    await using other = await startReceiver();
    await using receiver = await startReceiver((response) =>
      response.writeHead(307, { location: other.at('/') }).end(),
    );
    assert.deepEqual(await send(receiver.at('/')), { status: 307 });
    assert.equal(other.received.length, 0);
  });

  it('goes to allowed addresses alone, also by a name', async () => {
    await using receiver = await startReceiver();
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const named = receiver.at('/').replace('127.0.0.1', 'receiver.example');
    for (const link of [receiver.at('/'), named]) {
      const refused = await send(link, { allow: [], resolve });
      assert.deepEqual(refused, { failed: 'the address 127.0.0.1 is not allowed', refused: true });
    }
    assert.equal(receiver.received.length, 0);
    assert.deepEqual(await send(named, { resolve }), { status: 200 });
    assert.deepEqual(await send(named, { resolve, allow: [named] }), { status: 200 });
    assert.equal(receiver.received[0]?.headers.host, new URL(named).host);
  });

  it('looks a name up once', async () => {
    await using receiver = await startReceiver();
    let looked = 0;
    const resolve = async () => {
      looked++;
      return [{ address: looked === 1 ? '127.0.0.1' : '127.9.9.9', family: 4 }];
    };
    const link = receiver.at('/').replace('127.0.0.1', 'receiver.example');
    assert.deepEqual(await send(link, { allow: ['127.0.0.1'], resolve }), { status: 200 });
    assert.equal(looked, 1);
  });

  it('does not read an answer that has no end', async () => {
    let written = 0;
    await using receiver = await startReceiver((response) => {
      const more = () => {
        while (!response.destroyed && written < 1e9) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return response.once('drain', more);
        }
        return undefined;
      };
      more();
    });
    assert.deepEqual(await send(receiver.at('/')), { status: 200 });
    assert.ok(written < 100e6, `${written}`);
  });

  it('ends when it takes too long, and keeps a status that has come', async () => {
    await using silent = await startReceiver(() => {});
    assert.deepEqual(await send(silent.at('/'), { timeoutMs: 50 }), {
      failed: 'it took too long',
      refused: false,
    });
    await using slow = await startReceiver((response) => response.write('a part'));
    assert.deepEqual(await send(slow.at('/'), { timeoutMs: 200 }), { status: 200 });
  });

  it('throws the reason of its signal alone', async () => {
    const stop = new AbortController();
    await using receiver = await startReceiver(() => stop.abort(new Error('stopped')));
    await assert.rejects(send(receiver.at('/'), {}, stop.signal), /^Error: stopped$/);
    await assert.rejects(send(receiver.at('/'), {}, stop.signal), /^Error: stopped$/);
  });

  it('says why nobody was reached, without the link', async () => {
    const gone = await startReceiver();
    await gone[Symbol.asyncDispose]();
    assert.deepEqual(await send(gone.at('/')), {
      failed: 'the connection failed (ECONNREFUSED)',
      refused: false,
    });
    const resolve = () =>
      Promise.reject(Object.assign(new Error('no receiver.example'), { code: 'ENOTFOUND' }));
    assert.deepEqual(await send('receiver.example', { resolve }), {
      failed: 'its host name is not known (ENOTFOUND)',
      refused: false,
    });
    await using cut = await startReceiver((response) => response.destroy());
    assert.deepEqual(await send(cut.at('/')), {
      failed: 'the connection failed (ECONNRESET)',
      refused: false,
    });
  });

  it('tries nothing with what is no link', async () => {
    for (const link of ['', 'http://', 'a b', 'ftp://a.example/', 'file:///etc/passwd'])
      assert.deepEqual(await send(link), { failed: 'it is no link', refused: true }, link);
  });
});
