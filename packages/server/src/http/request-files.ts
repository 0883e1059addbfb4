import { Failure } from '../errors.ts';
import { type FileLink, slotOf } from '../links/links.ts';
import type { Edge } from './options.ts';

/** The files that one request brings. They are nobody's until they are kept. */
export class RequestFiles {
  readonly #edge: Edge;
  readonly #tenant: number;
  readonly #stored: FileLink[] = [];
  /** Their slots. */
  readonly #kept = new Set<string>();

  constructor(edge: Edge, tenant: number) {
    this.#edge = edge;
    this.#tenant = tenant;
  }

  /** Throws a Failure; then nothing is stored. */
  async store(bytes: AsyncIterable<Uint8Array>, minutes: number): Promise<FileLink> {
    const bytesMax = this.#edge.settings.uploadBytesMax;
    const link = await this.#edge.files.store({ tenant: this.#tenant, minutes, bytesMax }, bytes);
    this.#stored.push(link);
    return link;
  }

  /** Lets a stored file outlive the request, for so many minutes from now on. Its link may be another one afterwards. */
  async keep(link: FileLink, minutes: number): Promise<FileLink> {
    const kept = await this.#edge.files.keep(link, minutes);
    if (kept === null) throw new Failure('storageDown', {}, { detail: 'a new file is gone' });
    if (slotOf(kept) !== slotOf(link)) this.#stored.push(kept);
    this.#kept.add(slotOf(kept));
    return kept;
  }

  /** Deletes those that are not kept; after a failure all, as nobody was told of them. */
  async discard(failed: boolean): Promise<void> {
    const gone = this.#stored.filter((link) => failed || !this.#kept.has(slotOf(link)));
    await Promise.all(gone.map((link) => this.#edge.files.discard(link)));
  }
}
