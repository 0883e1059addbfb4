import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, flagOf, isLoopback, readConfig, settings } from '../src/config.ts';

describe('settings', () => {
  it('have defaults that need nothing', () => {
    const config = readConfig({});
    assert.equal(config.host, 'localhost');
    assert.equal(config.port, 8080);
    assert.equal(config.role, 'all');
    assert.deepEqual(config.allowSources, []);
  });

  it('come from variables, and flags win', () => {
    assert.equal(readConfig({ OCTAVO_PORT: '9000' }).port, 9000);
    assert.equal(readConfig({ OCTAVO_PORT: '9000' }, new Map([['--port', '9001']])).port, 9001);
  });

  it('have one flag for each variable', () => {
    const flags = Object.values(settings).map(flagOf);
    assert.equal(new Set(flags).size, flags.length);
    assert.ok(flags.includes('--data-dir'));
    assert.ok(
      Object.values(settings).every((one) => one.variable.startsWith('OCTAVO_') && one.about.endsWith('.')),
    );
  });

  const wrong: readonly (readonly [variable: string, value: string, says: RegExp])[] = [
    ['OCTAVO_PORT', 'http', /OCTAVO_PORT.*0 to 65535/],
    ['OCTAVO_PORT', '65536', /OCTAVO_PORT.*0 to 65535/],
    ['OCTAVO_ROLE', 'both', /OCTAVO_ROLE.*all, api, worker/],
    ['OCTAVO_AUTH', 'none', /OCTAVO_AUTH.*open, keys/],
    ['OCTAVO_PUBLIC_URL', 'octavo.example', /OCTAVO_PUBLIC_URL.*http/],
    ['OCTAVO_FILE_MINUTES', '20000', /OCTAVO_FILE_MINUTES_MAX/],
    ['OCTAVO_DISK_FREE_MB', '-1', /OCTAVO_DISK_FREE_MB.*0 to/],
    ['OCTAVO_ROLE', 'worker', /OCTAVO_DATABASE_URL/],
    ['OCTAVO_STORAGE', '/srv/files', /OCTAVO_STORAGE.*s3:\/\/bucket\/prefix/],
    ['OCTAVO_STORAGE', 's3://bucket/../x?regions=a', /OCTAVO_STORAGE.*region=/],
    ['OCTAVO_STORAGE', 's3://bucket/a//b', /OCTAVO_STORAGE.*prefix/],
    ['OCTAVO_STORAGE', 's3://bucket?endpoint=minio:9000', /OCTAVO_STORAGE.*endpoint.*http/],
    ['OCTAVO_STORAGE', 's3://bucket?region=a/b', /OCTAVO_STORAGE.*region/],
    ['OCTAVO_DOWNLOADS', 'redirect', /OCTAVO_DOWNLOADS.*OCTAVO_STORAGE/],
    ['OCTAVO_UPLOADS', 'direct', /OCTAVO_UPLOADS.*OCTAVO_STORAGE/],
    ['OCTAVO_UPLOADS', 'bucket', /OCTAVO_UPLOADS.*server, direct/],
    ['OCTAVO_DOWNLOADS', 'link', /OCTAVO_DOWNLOADS.*stream, redirect/],
  ];
  for (const [variable, value, says] of wrong) {
    it(`refuse ${variable}=${value} and say what is valid`, () => {
      assert.throws(
        () => readConfig({ [variable]: value }),
        (error) => error instanceof ConfigError && says.test(error.message),
      );
    });
  }

  it('read where files lie in S3', () => {
    const read = (value: string) => readConfig({ OCTAVO_STORAGE: value }).storage;
    assert.equal(read(''), undefined);
    const absent = { prefix: '', endpoint: undefined, region: undefined };
    assert.deepEqual(read('s3://my.bucket'), { ...absent, bucket: 'my.bucket' });
    assert.deepEqual(read('s3://files/a/b/?endpoint=http://10.0.0.1:9000/&region=eu-west-1'), {
      bucket: 'files',
      prefix: 'a/b/',
      endpoint: 'http://10.0.0.1:9000',
      region: 'eu-west-1',
    });
  });

  it('never print what may hold credentials of S3', () => {
    for (const value of [
      's3://me:secret@bucket',
      's3://bucket?endpoint=https://me:secret@host',
      's3://bucket?secret=secret',
    ])
      assert.throws(
        () => readConfig({ OCTAVO_STORAGE: value }),
        (error) => error instanceof ConfigError && !error.message.includes('secret'),
      );
  });

  it('never print the database password', () => {
    assert.throws(
      () => readConfig({ OCTAVO_DATABASE_URL: 'mysql://me:secret@host/db' }),
      (error) => error instanceof ConfigError && !error.message.includes('secret'),
    );
  });

  it('refuse a flag that does not exist', () => {
    assert.throws(() => readConfig({}, new Map([['--prot', '1']])), /--prot/);
  });
});

describe('loopback addresses', () => {
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1'])
    it(`are ${host}`, () => assert.ok(isLoopback(host)));
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'example.com'])
    it(`are not ${host}`, () => assert.ok(!isLoopback(host)));
});
