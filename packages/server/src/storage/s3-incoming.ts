import { createHash } from 'node:crypto';
import { Failure } from '../errors.ts';
import { StorageError } from './failed.ts';
import { type Bucket, type Listed, type Patience, tagOf } from './s3-bucket.ts';
import type { S3Location } from './s3-failed.ts';
import { incomingKey, incomingName, type SlotView } from './s3-name.ts';
import { openedObject } from './s3-object.ts';
import type { UploadLinkOptions } from './storage.ts';

/** What one request takes. */
const bytesMax = 5 * 1024 * 1024 * 1024;
/** Who sends again and again is read again and again. */
const roundsMax = 10;

/** What comes to the bucket by links, past the server. */
export interface Incoming {
  /** Null for more bytes than a link takes. */
  link(slot: string, how: UploadLinkOptions): Promise<string | null>;
  /**
   * Makes a version of what came, where that is news, and gives the slot as it is then. The object itself stays until nobody can send to
   * it any more: to delete it could delete what came meanwhile.
   */
  settle(slot: string): Promise<SlotView>;
}

export interface IncomingParts {
  readonly bucket: Bucket;
  readonly location: S3Location;
  readonly patience: Patience;
  look(slot: string): Promise<SlotView>;
}

export function createIncoming({ bucket, location, patience, look }: IncomingParts): Incoming {
  /** By name and tag: who asks for the same meanwhile waits for it. */
  const running = new Map<string, Promise<boolean>>();

  /** SHA-256 of one object of these bytes; null where it is gone, or has another tag by now. */
  async function digestOf(name: string, sizeBytes: number, tag?: string): Promise<string | null> {
    const opened = openedObject(bucket, { name, tag, patience, location }, sizeBytes);
    const digest = createHash('sha256');
    try {
      for await (const piece of opened.pieces(sizeBytes, 0)) digest.update(piece);
      return digest.digest('hex');
    } catch (error) {
      if (error instanceof Failure && error.row === 'fileUnknown') return null;
      throw error;
    } finally {
      await opened.close();
    }
  }

  /** False where something else has come meanwhile. */
  async function adopt(view: SlotView, incoming: Listed): Promise<boolean> {
    const { name, sizeBytes, tag } = incoming;
    const sha256 = await digestOf(name, sizeBytes, tag);
    if (sha256 === null) return false;
    const key = incomingKey(view, incoming, sha256);
    const copied = await bucket.copy(incoming, key);
    if (copied === null) return false;
    // Where the tag is another one, either the server encrypts by a key of its own, or it has copied without a look at the tag.
    if (copied === tagOf({ ETag: tag }) || (await digestOf(key, sizeBytes)) === sha256) return true;
    await bucket.delete([key]);
    return false;
  }

  function once(view: SlotView, incoming: Listed): Promise<boolean> {
    const which = `${incoming.name} ${incoming.tag}`;
    const known = running.get(which);
    if (known !== undefined) return known;
    const work = adopt(view, incoming).finally(() => running.delete(which));
    running.set(which, work);
    return work;
  }

  return {
    async link(slot, how) {
      const seconds = Math.ceil((how.until - Date.now()) / 1000);
      if (how.sizeBytes < 1 || how.sizeBytes > bytesMax) return null;
      return bucket.uploadLink(incomingName(slot, how), seconds, how.contentType, how.sizeBytes);
    },
    async settle(slot) {
      for (let round = 0; round < roundsMax; round++) {
        const view = await look(slot);
        if (!view.isNews || view.incoming === undefined) return view;
        await once(view, view.incoming);
      }
      throw new StorageError('A file in the bucket is replaced faster than it can be read.');
    },
  };
}
