import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { onePagePdf } from '../program/document.ts';
import { served } from '../program/served.ts';

type Answer = Readonly<Record<string, unknown>>;

describe('a server that needs keys', () => {
  const octavo = served({ OCTAVO_AUTH: 'keys' });
  let first: string;
  let second: string;

  const call = async (path: string, key?: string): Promise<Answer> => {
    const headers: Record<string, string> = key === undefined ? {} : { 'x-api-key': key };
    return (await (await fetch(octavo.base + path, { headers })).json()) as Answer;
  };
  const upload = async (key: string): Promise<string> => {
    const { presignedUrl, url } = await call('/file/upload/get-presigned-url?name=a.pdf', key);
    // As clients do: no key on the link itself.
    assert.equal((await fetch(String(presignedUrl), { method: 'PUT', body: onePagePdf('a') })).status, 200);
    return String(url);
  };

  before(async () => {
    first = /first key +(\S+)/.exec(octavo.printed())?.[1] ?? '';
    second = /^\S{20,}$/m.exec(await octavo.command('keys', 'create', 'second'))?.[0] ?? '';
  });

  it('prints the first key once, and makes more beside the running server', () => {
    assert.match(first, /^oct_/);
    assert.match(second, /^oct_/);
    assert.notEqual(first, second);
  });

  it('answers 401 without a key or with a wrong one, and in the envelope', async () => {
    for (const key of [undefined, '', 'oct_wrong', '********']) {
      const answer = await call('/file/upload/get-presigned-url?name=a.pdf', key);
      assert.deepEqual([answer['error'], answer['status']], [true, 401]);
    }
    assert.equal((await call('/health'))['ready'], true, 'health needs none');
  });

  it('hides the files and jobs of one key from another', async () => {
    const url = await upload(first);
    const job = await call(`/pdf/merge?async=true&url=${url},${url}`, first);
    assert.equal(job['error'], false);
    const stolen = await call(`/pdf/merge?url=${url}`, second);
    assert.deepEqual([stolen['error'], stolen['status']], [true, 404]);
    const asked = await call(`/job/check?force=true&jobid=${String(job['jobId'])}`, second);
    assert.equal(asked['status'], 'unknown');
    const own = await call(`/pdf/merge?url=${url}`, first);
    assert.equal(own['pageCount'], 1);
    assert.equal(
      (await fetch(String(own['url']))).status,
      200,
      'a download needs no key: the link is the proof',
    );
  });

  it('holds a key to its quota, on links that need no key too', async () => {
    const third = /^\S{20,}$/m.exec(await octavo.command('keys', 'create', 'third'))?.[0] ?? '';
    const id = /^(\d+)\tthird/m.exec(await octavo.command('keys', 'list'))?.[1] as string;
    assert.match(await octavo.command('keys', 'quota', id, '1', '2'), /at most 1 MB and 2 files/);
    assert.match(await octavo.command('keys', 'list'), /third.*at most 1 MB and 2 files/);
    const url = await upload(third);
    const { presignedUrl } = await call('/file/upload/get-presigned-url?name=b.pdf', third);
    const body = Buffer.alloc(1024 * 1024);
    const refused = await fetch(String(presignedUrl), { method: 'PUT', body });
    const { error, status } = (await refused.json()) as Answer;
    assert.deepEqual([refused.status, error, status], [402, true, 402]);
    assert.equal((await call(`/pdf/merge?url=${url}`, third))['error'], false);
    assert.equal((await call(`/pdf/merge?url=${url}`, third))['status'], 402);
    await octavo.command('keys', 'quota', id, '0', '0');
    while ((await call(`/pdf/merge?url=${url}`, third))['status'] !== 200);
  });

  it('lets a key spend the credits that it was given', async () => {
    const fourth = /^\S{20,}$/m.exec(await octavo.command('keys', 'create', 'fourth'))?.[0] ?? '';
    const id = /^(\d+)\tfourth/m.exec(await octavo.command('keys', 'list'))?.[1] as string;
    const left = async () => (await call('/v1/account/credit/balance', fourth))['remainingCredits'];
    assert.equal(await left(), 1_000_000);
    assert.match(await octavo.command('keys', 'credits', id, '1'), /1 credits from now on/);
    while ((await left()) !== 1);
    const url = await upload(fourth);
    const done = await call(`/pdf/merge?url=${url}`, fourth);
    assert.deepEqual([done['credits'], done['remainingCredits']], [1, 0]);
    const { error, status, message } = await call(`/pdf/merge?url=${url}`, fourth);
    assert.deepEqual([error, status], [true, 402]);
    assert.match(String(message), /credits .* used up/);
    assert.match(await octavo.command('keys', 'list'), /fourth.*1 credits used, 0 left/);
    await octavo.command('keys', 'credits', id, 'unlimited');
    while ((await call(`/pdf/merge?url=${url}`, fourth))['status'] !== 200);
    assert.equal(await left(), 1_000_000);
  });

  it('lists keys without their secrets, and refuses a revoked one', async () => {
    const listed = await octavo.command('keys', 'list');
    assert.match(listed, /first.*\n.*second/);
    assert.ok(!listed.includes(first) && !listed.includes(second));
    const id = /^(\d+)\tsecond/m.exec(listed)?.[1] as string;
    await octavo.command('keys', 'revoke', id);
    // Another process than the server revoked it: the server believes an answer for some seconds.
    while ((await call('/file/upload/get-presigned-url', second))['status'] !== 401);
    assert.match(await octavo.command('keys', 'list'), /second.*revoked/);
  });
});
