import type { FileWriter } from '../file/writer.ts';

/** Kids of one node. */
const FANOUT = 32;

/** A node that is being filled. */
interface Node {
  readonly number: number;
  readonly kids: number[];
  /** Pages below it. */
  count: number;
}

/** Writes a balanced page tree (ISO 32000-2, 7.7.3) over pages that come one by one. */
export class PageTreeWriter {
  readonly #writer: FileWriter;
  readonly #lowest: Node[] = [];
  /** Pages so far. */
  count = 0;

  constructor(writer: FileWriter) {
    this.#writer = writer;
  }

  /** Places the next page and answers the number of the node it goes under. */
  place(page: number): number {
    const node = this.#lowest.at(-1);
    this.count++;
    if (node !== undefined && node.kids.length < FANOUT) {
      node.kids.push(page);
      node.count++;
      return node.number;
    }
    const number = this.#writer.allocate();
    this.#lowest.push({ number, kids: [page], count: 1 });
    return number;
  }

  /** Writes the nodes; answers the number of the root. */
  finish(): number {
    let level = this.#lowest;
    while (level.length > 1) {
      const above: Node[] = [];
      for (let at = 0; at < level.length; at += FANOUT) {
        const children = level.slice(at, at + FANOUT);
        const number = this.#writer.allocate();
        for (const child of children) this.#write(child, number);
        const count = children.reduce((sum, child) => sum + child.count, 0);
        above.push({ number, kids: children.map((child) => child.number), count });
      }
      level = above;
    }
    const root = level[0]!;
    this.#write(root, undefined);
    return root.number;
  }

  #write({ number, kids, count }: Node, parent: number | undefined): void {
    const out = this.#writer.begin(number);
    out.ascii(`<</Type/Pages/Count ${count}`);
    if (parent !== undefined) out.ascii(`/Parent ${parent} 0 R`);
    out.ascii(`/Kids[${kids.map((kid) => `${kid} 0 R`).join(' ')}]>>`);
    this.#writer.end();
  }
}
