import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { createLinks, type FileLink, label, slotOf, tokenOf, wholeMinutes } from '../../src/links/links.ts';

const link: FileLink = {
  kind: 'upload',
  id: '0123456789abcdef0123456789abcdef',
  tenant: 4_000_000_000,
  expiresAt: Date.UTC(2026, 10, 24, 23, 30),
};
const links = createLinks(randomBytes(32));

describe('links', () => {
  it('read what was written', () => {
    assert.deepEqual(links.read(links.file(link)), { ...link, putUntil: undefined });
    const putUntil = link.expiresAt - 30 * 60_000;
    assert.deepEqual(links.read(links.upload(link, putUntil)), { ...link, putUntil });
    const part = { ...link, kind: 'result', part: 3 } as const;
    assert.deepEqual(links.read(links.file(part)), { ...part, putUntil: undefined });
  });

  it('hold nothing that a query, a comma list or encodeURI would change', () => {
    for (let count = 0; count < 200; count++) {
      const token = createLinks(randomBytes(32)).file(link);
      assert.match(token, /^[A-Za-z0-9_-]+$/);
      assert.equal(encodeURI(token), token);
    }
  });

  it('refuse a token with any character changed, cut or added', () => {
    const token = links.upload(link, link.expiresAt);
    for (let index = 0; index < token.length; index++) {
      const other = token[index] === 'A' ? 'B' : 'A';
      assert.equal(
        links.read(token.slice(0, index) + other + token.slice(index + 1)),
        null,
        `changed at ${index}`,
      );
      assert.equal(links.read(token.slice(0, index)), null, `cut at ${index}`);
    }
    assert.equal(links.read(`${token}A`), null);
    assert.equal(links.read(''), null);
  });

  it('refuse the token of another server', () => {
    assert.equal(createLinks(randomBytes(32)).read(links.file(link)), null);
  });

  it('never take a download link for an upload link', () => {
    assert.equal(links.read(links.file(link))?.putUntil, undefined);
    assert.notEqual(links.file(link), links.upload(link, link.expiresAt));
  });
});

describe('slots', () => {
  it('begin with the minute of expiry, so that a sweep deletes whole minutes', () => {
    assert.equal(slotOf(link), `202611242330/${link.id}`);
    assert.equal(slotOf(link, 3), `202611242330/${link.id}-3`);
    assert.equal(wholeMinutes(60_001), 120_000);
  });
});

describe('labels', () => {
  const cases: readonly (readonly [name: string, label: string])[] = [
    ['sample1.pdf', 'sample1.pdf'],
    ['.\\sample1.pdf', 'sample1.pdf'],
    ['C:\\Users\\me\\my file.pdf', 'my_file.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['a,b&c=d#e%20f+g;h.pdf', 'a_b_c_d_e_20f_g_h.pdf'],
    ['Übersicht é.pdf', 'Ubersicht_e.pdf'],
    ['文書.pdf', '_.pdf'],
    ['.htaccess', 'htaccess'],
    ['...', 'file'],
    ['', 'file'],
    [`${'x'.repeat(500)}.pdf`, `${'x'.repeat(116)}.pdf`],
  ];
  for (const [name, expected] of cases) {
    it(`make ${JSON.stringify(expected.slice(0, 30))} of ${JSON.stringify(name.slice(0, 30))}`, () => {
      assert.equal(label(name, 'file'), expected);
    });
  }
});

describe('the token of a link', () => {
  const token = links.file(link);
  for (const form of [
    `http://localhost:8080/files/${token}/a.pdf`,
    `https://proxy.example/base/files/${token}/a.pdf`,
    `localhost:8080/upload/${token}/a.pdf`,
    `http://127.0.0.1/v1/files/${token}`,
    `http://127.0.0.1/files/${token}/a.pdf?x=1`,
  ]) {
    it(`is found in ${form.replace(token, 'TOKEN')}`, () => assert.equal(tokenOf(form), token));
  }
  for (const form of [
    'https://example.com/a.pdf',
    `https://example.com/?u=/files/${token}/a`,
    '/files/short/a.pdf',
  ]) {
    it(`is not found in ${form.replace(token, 'TOKEN')}`, () => assert.equal(tokenOf(form), null));
  }
});
