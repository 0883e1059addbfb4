import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { givenCertificate, localCertificate } from '../../src/platform/certificates.ts';

describe('a local certificate', () => {
  let directory: string;
  const now = Date.now();
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'octavo-certificates-'));
  });
  after(() => rm(directory, { recursive: true }));

  for (const host of ['localhost', '127.0.0.1']) {
    it(`is trusted for ${host} by a client that trusts the authority`, async () => {
      const { key, cert, authorityFile } = await localCertificate(directory, now);
      const server = createServer({ key, cert }, (_, response) => response.end('ok'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const ca = await readFile(authorityFile, 'utf8');
      const status = await new Promise((resolve, reject) => {
        get({ host, port, ca, agent: false }, (response) => resolve(response.resume().statusCode)).on(
          'error',
          reject,
        );
      });
      server.close();
      assert.equal(status, 200);
    });
  }

  it('stays the same until it is about to end', async () => {
    const first = await localCertificate(directory, now);
    assert.equal((await localCertificate(directory, now)).cert, first.cert);
    const later = await localCertificate(directory, now + 800 * 24 * 60 * 60 * 1000);
    assert.notEqual(later.cert, first.cert);
  });

  it('keeps no key of its authority, and its own key to its owner', async () => {
    await localCertificate(directory, now);
    assert.deepEqual((await readdir(directory)).toSorted(), [
      'authority.pem',
      'localhost.key.pem',
      'localhost.pem',
    ]);
    assert.equal((await stat(join(directory, 'localhost.key.pem'))).mode & 0o777, 0o600);
    const { cert } = await localCertificate(directory, now);
    assert.equal(new X509Certificate(cert).ca, false);
  });

  it('can be given as two files', async () => {
    const { cert, key } = await localCertificate(directory, now);
    const given = await givenCertificate(
      `${join(directory, 'localhost.pem')}, ${join(directory, 'localhost.key.pem')}`,
    );
    assert.deepEqual(given, { cert, key });
    await assert.rejects(givenCertificate('only-one.pem'), /cert.pem,key.pem/);
  });
});
