import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { conformsAsStorage, temporaryDirectory } from './conformance.ts';
import { bucketFor, s3 } from './s3-bucket.ts';
import { createS3Storage } from '../../src/storage/s3.ts';
import { describe, it } from 'node:test';

if (s3 === undefined)
  describe('a bucket of S3 as storage', () =>
    it('is tested where OCTAVO_TEST_S3 names a server', { skip: true }));
else
  conformsAsStorage('a bucket of S3', async () => {
    const directory = await temporaryDirectory();
    const bucket = await bucketFor('conformance');
    const local = join(directory.path, 'jobs');
    await mkdir(local);
    return {
      storage: await createS3Storage({ location: bucket.location, directory: directory.path }),
      local,
      async flip(key, at) {
        const bytes = await bucket.get(key);
        bytes[at] = (bytes[at] as number) ^ 1;
        await bucket.put(key, bytes);
      },
      close: () => directory.remove(),
    };
  });
