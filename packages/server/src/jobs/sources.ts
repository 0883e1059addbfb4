import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { Failure } from '../errors.ts';
import type { FileHandle } from '../engines/capabilities.ts';
import { isFileToken, tokenOf, type Links, type ReadLink } from '../links/links.ts';
import type { Asking, Take } from '../net/download.ts';
import { readLink } from '../net/link.ts';
import type { Source } from '../operations/fields.ts';
import type { Storage } from '../storage/storage.ts';
import { isOf, type Files } from './files.ts';
import type { Needs } from './needs.ts';

/** Brings the file behind a foreign link to `path`. Throws a Failure. */
export type Download = (
  link: string,
  target: Asking & { readonly path: string },
) => Promise<{ readonly sizeBytes: number; readonly name: string }>;

/** Gives the file behind a foreign link to `take` as it comes. Throws a Failure, and what `take` throws. */
export type Fetch = <T>(link: string, asking: Asking, take: Take<T>) => Promise<T>;

/** Who asks for a source. */
export interface Reading extends Asking {
  readonly tenant: number;
  readonly field: string;
}

/** Who asks for a source, and where it goes. */
export interface Fetching extends Asking {
  readonly tenant: number;
  /** Keys of the job's own files, as they were when it was accepted. */
  readonly needs: readonly string[];
  readonly directory: string;
  /** Different for each source of a job: it becomes the file's name on disk. */
  readonly number: number;
}

export interface Sources {
  /**
   * What can be said of a source before its job is accepted: of a file of ours the key of its bytes, which stay until they are
   * released; null of another. Throws the Failures `linkUnknown` and `linkInvalid`.
   */
  check(source: Source, tenant: number, field?: string): Promise<string | null>;
  /** The call was accepted, and its row says what it needs; or it was refused. */
  release(keys: readonly string[]): void;
  /** The link of a source that lies elsewhere, as it was read; null of a file of ours. Throws what `check` does of links. */
  linkOf(source: Source): string | null;
  /** Brings a source into a job's directory. Throws a Failure. */
  fetch(source: Source, fetching: Fetching): Promise<FileHandle>;
  /** The bytes of a file of ours, for a page that shows it: whoever has the link may download it too. Null for any other link. */
  open(url: URL): Promise<Readable | null>;
  /** Gives the bytes of a source to `take` as they come, and its name. Throws a Failure, and what `take` throws. */
  read<T>(source: Source, reading: Reading, take: Take<T>): Promise<T>;
}

export interface SourcesParts {
  readonly links: Links;
  readonly storage: Storage;
  readonly files: Pick<Files, 'find'>;
  readonly needs: Needs;
  readonly download: Download;
  readonly fetch: Fetch;
}

/** Files of ours are read from storage, whatever the host in their link; everything else comes through the one door out. */
export function createSources(parts: SourcesParts): Sources {
  /** The key of a file of ours, as it is now. Throws `linkUnknown`, also where it belongs to somebody else. */
  async function keyOf(link: ReadLink, tenant: number, field: string): Promise<string> {
    const file = link.tenant === tenant ? await parts.files.find(link) : null;
    if (file === null) throw new Failure('linkUnknown', { field });
    return file.key;
  }

  return {
    async check(source, tenant, field = 'url') {
      const own = ownLink(source, parts.links);
      if (own === null) {
        assertForeign(source, field);
        return null;
      }
      const key = await keyOf(own, tenant, field);
      parts.needs.hold(key);
      return key;
    },
    release: parts.needs.release,
    linkOf: (source) => (ownLink(source, parts.links) === null ? assertForeign(source, 'url') : null),
    async fetch(source, fetching) {
      const path = join(fetching.directory, `source-${fetching.number}`);
      const own = ownLink(source, parts.links);
      if (own === null) {
        const link = assertForeign(source, 'url');
        const fetched = await orUnknown(link, 'url', parts.download(link, { ...fetching, path }));
        return { path, ...fetched };
      }
      const needed = fetching.needs.find((key) => isOf(own, key));
      const stored = await parts.storage.place(needed ?? (await keyOf(own, fetching.tenant, 'url')), path);
      if (stored === null) throw new Failure('linkUnknown', { field: 'url' });
      return { path, name: nameOf(source), sizeBytes: stored.sizeBytes };
    },
    async open(url) {
      const own = ownLink({ kind: 'link', link: url.href }, parts.links);
      const file = own && (await parts.files.find(own));
      return file && parts.storage.read(file.key);
    },
    async read(source, reading, take) {
      const { tenant, field } = reading;
      const own = ownLink(source, parts.links);
      if (own === null) {
        const link = assertForeign(source, field);
        return orUnknown(link, field, parts.fetch(link, reading, take));
      }
      const key = await keyOf(own, tenant, field);
      parts.needs.hold(key);
      try {
        const bytes = await parts.storage.read(key);
        if (bytes === null) throw new Failure('linkUnknown', { field });
        try {
          return await take(bytes, nameOf(source));
        } finally {
          bytes.destroy();
        }
      } finally {
        parts.needs.release([key]);
      }
    },
  };
}

/** A link of this server with a broken token leads to this server, which is no public address. */
const ofOurForm = /^[^?#]*\/(?:files|upload)\/[^/?#]/i;

function orUnknown<T>(link: string, field: string, fetched: Promise<T>): Promise<T> {
  return fetched.catch((error: unknown) => {
    const refused = ofOurForm.test(link) && error instanceof Failure && error.row === 'sourceRefused';
    throw refused ? new Failure('linkUnknown', { field }, { cause: error }) : error;
  });
}

/** Null for a link that is not ours: also where it has the form of ours, which other servers' links may have too. */
function ownLink(source: Source, links: Links): ReadLink | null {
  const token = source.kind === 'part' ? source.token : tokenOf(source.link);
  return token === null ? null : links.read(token);
}

/** The link as it was read: what is looked at is what is dialled. Throws what `readLink` does, and `linkUnknown`. */
function assertForeign(source: Source, field: string): string {
  if (source.kind === 'part' || isFileToken(source.link)) throw new Failure('linkUnknown', { field });
  return readLink(source.link, field).href;
}

/** Hostile text either way: what the client called it. */
function nameOf(source: Source): string {
  if (source.kind === 'part') return source.name;
  const last = source.link.split(/[?#]/)[0]?.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
