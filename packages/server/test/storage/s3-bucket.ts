import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import type { S3Location } from '../../src/storage/s3-failed.ts';

/** The address of a real S3 server, as `services/radosgw` starts one; the standard variables have its credentials. */
export const s3: string | undefined = process.env['OCTAVO_TEST_S3'] || undefined;

if (s3 === undefined && process.env['OCTAVO_REQUIRE_ENGINES'] === '1')
  throw new Error('OCTAVO_TEST_S3 has to name an S3 server: see test/services/radosgw.');

/** A new bucket, and a client that goes to it behind the back of the storage. */
export interface TestBucket {
  readonly location: S3Location;
  /** The setting OCTAVO_STORAGE. */
  readonly setting: string;
  get(key: string): Promise<Uint8Array>;
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Of an upload in parts: its first part. */
  beginUpload(key: string): Promise<void>;
  /** Names of all objects below the prefix. */
  names(): Promise<string[]>;
  /** Names of the uploads in parts that have not ended. */
  uploads(): Promise<string[]>;
}

export async function bucketFor(
  name: string,
  prefix = 'a prefix/of ours/'.replaceAll(' ', '-'),
): Promise<TestBucket> {
  const Bucket = `octavo-${name}-${randomBytes(4).toString('hex')}`;
  const client = new S3Client({
    endpoint: s3 as string,
    forcePathStyle: true,
    region: 'us-east-1',
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  await client.send(new CreateBucketCommand({ Bucket }));
  const at = (key: string) => ({ Bucket, Key: prefix + key });
  return {
    location: { bucket: Bucket, prefix, endpoint: s3, region: undefined },
    setting: `s3://${Bucket}/${prefix}?endpoint=${s3}`,
    async get(key) {
      const { Body } = await client.send(new GetObjectCommand(at(key)));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    },
    async put(key, bytes) {
      await client.send(new PutObjectCommand({ ...at(key), Body: bytes }));
    },
    async beginUpload(key) {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(at(key)));
      await client.send(
        new UploadPartCommand({ ...at(key), UploadId, PartNumber: 1, Body: Buffer.from('part') }),
      );
    },
    async names() {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
      return Contents.map(({ Key = '' }) => Key.slice(prefix.length));
    },
    async uploads() {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
      return Uploads.map(({ Key = '' }) => Key.slice(prefix.length));
    },
  };
}
