import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, mock } from 'node:test';
import { promisify } from 'node:util';
import { run } from '../../src/cli.ts';
import { octavoBin, type Running, startOctavo } from '../program/server.ts';

type Answer = Readonly<Record<string, unknown>>;

describe('stored templates', () => {
  let root: string;
  let server: Running;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'octavo-templates-'));
    server = await startOctavo(join(root, 'data'));
    await writeFile(join(root, 'offer.html'), '\uFEFF<h1>Offer {{number}} für {{name}}</h1>');
  });
  after(async () => {
    await server.stop();
    await rm(root, { recursive: true, force: true });
  });

  const commandLine = (words: readonly string[]) => ['templates', ...words, '--data-dir', join(root, 'data')];
  /** In a process of its own, as an operator does it. */
  const octavoProcess = async (...words: string[]) =>
    (await promisify(execFile)(process.execPath, [octavoBin, ...commandLine(words)])).stdout;
  /** In this process, which is another one than the server's too: its code, and what it printed. */
  const octavo = async (...words: string[]): Promise<string> => {
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    const printers = [mock.method(console, 'log', print), mock.method(console, 'error', print)];
    try {
      const code = await run(commandLine(words), {});
      return `${code} ${lines.join('\n')}`;
    } finally {
      for (const printer of printers) printer.mock.restore();
    }
  };
  const call = async (path: string) => (await (await fetch(server.base + path)).json()) as Answer;
  const listed = async () => (await call('/templates/html'))['templates'] as Answer[];
  const offer = () => join(root, 'offer.html');

  it('are those that are shipped at first', async () => {
    const heads = await listed();
    assert.deepEqual(
      heads.map(({ id, type, title }) => [id, type, title]),
      [
        [1, 'system', 'Invoice'],
        [2, 'system', 'Packing slip'],
        [3, 'system', 'Invoice as a letter'],
      ],
    );
    const { body } = await call('/v1/templates/html/1');
    assert.match(String(body), /\{\{#each items\}\}[^]*\[\[barcode: QRCode /);
    assert.equal(await octavoProcess('show', '1'), body);
  });

  it('are brought beside the running server, with numbers from 1001 on, and are there at once', async () => {
    assert.equal(await octavoProcess('add', offer()), 'Template 1001 is there: offer\n');
    assert.match(
      await octavo('add', offer(), '--title', 'An offer', '--description=For all'),
      /^0 Template 1002 /,
    );
    const heads = await listed();
    assert.deepEqual(heads.slice(3), [
      { id: 1001, type: 'user', title: 'offer', description: '' },
      { id: 1002, type: 'user', title: 'An offer', description: 'For all' },
    ]);
    const { error, status, remainingCredits: _, ...template } = await call('/templates/html/1002');
    assert.deepEqual([error, status], [false, 200]);
    assert.deepEqual(template, { ...heads[4], body: '<h1>Offer {{number}} für {{name}}</h1>' });
  });

  it('are replaced by their number, and pass over one that was chosen', async () => {
    assert.match(
      await octavo('add', offer(), '--id', '1003', '--title', 'Chosen'),
      /^0 Template 1003 is there/,
    );
    assert.match(
      await octavo('add', offer(), '--id', '1003', '--title', 'Newer'),
      /^0 Template 1003 is replaced: Newer/,
    );
    assert.match(await octavo('add', offer()), /^0 Template 1004 /);
    assert.match(await octavo('list'), /^0 1\tsystem\tInvoice\t[^]*\n1003\tuser\tNewer\t\n1004\t/);
  });

  it('hide a shipped one of the same number until they are removed', async () => {
    await octavo('add', offer(), '--id', '1', '--title', 'Our own');
    assert.deepEqual((await listed())[0], { id: 1, type: 'user', title: 'Our own', description: '' });
    assert.match(String((await call('/templates/html/1'))['body']), /^<h1>Offer/);
    assert.match(await octavo('remove', '1'), /the shipped one of this id is back/);
    assert.equal((await call('/templates/html/1'))['type'], 'system');
    assert.match(await octavo('remove', '1004'), /^0 Template 1004 is removed\.$/);
    assert.match(await octavo('add', offer()), /^0 Template 1005 /, 'a number does not come again');
  });

  it('are refused in a sentence', async () => {
    assert.deepEqual(
      [await call('/templates/html/77'), await call('/templates/html/x')].map(({ status, message }) => [
        status,
        message,
      ]),
      [
        [404, 'There is no such template: there are 1, 2, 3, 1001, 1002, 1003, 1005.'],
        [400, 'The field "id" is not valid: a whole number from 1 to 2147483647.'],
      ],
    );
    await writeFile(join(root, 'large.html'), 'x'.repeat(1024 * 1024 + 1));
    await writeFile(join(root, 'latin.html'), Buffer.from([0xfc]));
    await writeFile(join(root, 'nul.html'), 'a\0b');
    await writeFile(join(root, 'empty.html'), '\n');
    assert.match(await octavo('add', join(root, 'large.html')), /^1 .*larger than 1 MB\.$/);
    for (const name of ['latin', 'nul', 'empty'])
      assert.match(await octavo('add', join(root, `${name}.html`)), /^1 .*no text in UTF-8, or is empty\.$/);
    assert.match(await octavo('add', join(root, 'gone.html')), /^1 There is no file /);
    assert.match(await octavo('add', offer(), '--id', '0'), /^2 --id takes a whole number/);
    assert.match(await octavo('add', offer(), '--title', 'a\nb'), /^1 The title has to be one line/);
    assert.match(await octavo('remove', '2'), /^1 Template 2 is shipped, and stays/);
    assert.match(await octavo('remove', '77'), /^1 There is no template 77\.$/);
    assert.match(await octavo('show', '77'), /^1 There is no template 77\.$/);
    for (const words of [
      [],
      ['add'],
      ['show'],
      ['show', 'x'],
      ['list', '1'],
      ['list', '--id', '1'],
      ['add', offer(), '--id'],
    ])
      assert.match(await octavo(...words), /^2 /, words.join(' '));
  });
});
