import type { TextLook } from './child-page-style.ts';
import type { Glyph } from './page.ts';

/** Glyphs that were drawn in one go. */
interface Run {
  readonly from: number;
  to: number;
  readonly look: TextLook;
  text: string;
  first: Glyph | undefined;
}

/** How far apart text and its shadow lie at most, as parts of its size: along the baseline, and across. */
const alongMax = 0.1;
const acrossMax = 0.2;
/** Runs of the same text that are compared: a shadow is drawn close to its text, also in time. */
const runsMax = 16;

/** Finds text that is drawn twice, a little apart, as a shadow or to look bold. Of both, what lies on top stays. */
export class Shadows {
  readonly #runs = new Map<string, Run[]>();
  readonly #dropped: Run[] = [];
  #run: Run | undefined;

  /** A run begins at this glyph. */
  begin(from: number, look: TextLook): void {
    this.#end();
    this.#run = { from, to: from, look, text: '', first: undefined };
  }

  add(glyph: Glyph): void {
    const run = this.#run;
    if (run === undefined) return;
    run.first ??= glyph;
    run.text += glyph.text;
    run.to += 1;
  }

  /** The last glyph stands for this too. */
  grow(text: string): void {
    if (this.#run !== undefined) this.#run.text += text;
  }

  /** The glyphs without those that something else lies on. */
  without<G extends Glyph>(glyphs: readonly G[]): readonly G[] {
    this.#end();
    if (this.#dropped.length === 0) return glyphs;
    const kept: G[] = [];
    let at = 0;
    for (const { from, to } of this.#dropped.sort((one, other) => one.from - other.from)) {
      for (; at < from; at++) kept.push(glyphs[at] as G);
      at = to;
    }
    for (; at < glyphs.length; at++) kept.push(glyphs[at] as G);
    return kept;
  }

  #end(): void {
    const run = this.#run;
    this.#run = undefined;
    if (run?.first === undefined || run.text.trim() === '') return;
    const same = this.#runs.get(run.text);
    if (same === undefined) return void this.#runs.set(run.text, [run]);
    const at = same.findIndex((other) => isShadow(other, run));
    if (at >= 0) this.#dropped.push(...same.splice(at, 1));
    same.push(run);
    if (same.length > runsMax) same.shift();
  }
}

function isShadow({ first: one, look }: Run, { first: other }: Run): boolean {
  if (one === undefined || other === undefined || one.angle !== other.angle) return false;
  const turn = (one.angle * Math.PI) / 180;
  const [dx, dy] = [other.x - one.x, other.y - one.y];
  const along = dx * Math.cos(turn) + dy * Math.sin(turn);
  const across = dy * Math.cos(turn) - dx * Math.sin(turn);
  return Math.abs(along) <= alongMax * look.size && Math.abs(across) <= acrossMax * look.size;
}
