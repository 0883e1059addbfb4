import type { Sketch } from './sketch.ts';

/** Few, so that documents share them. */
const NAMES = ['a', 'b', 'chapter.1', 'chapter.2', 'end', 'Start'];

/** A place on a page, as an array; by the page's index instead of a reference now and then. */
export function explicitDestination(sketch: Sketch): string {
  const { random } = sketch;
  const page = random.chance(15) ? String(random.below(sketch.pages.length)) : sketch.pageReference();
  return `[${page} ${random.pick(['/Fit', '/XYZ 10 150 null', '/XYZ null null 2', '/FitH 100', '/FitR 10 10 90 90'])}]`;
}

/** What leads somewhere in the document: entries of a link or an outline item. */
export function leading(sketch: Sketch, names: readonly string[]): string {
  const { random } = sketch;
  const destination =
    names.length > 0 && random.chance(50) ? random.pick(names) : sketch.maybe(explicitDestination(sketch));
  if (random.chance(50)) return `/Dest ${destination}`;
  return `/A ${sketch.maybe(`<< /S /GoTo /D ${destination} >>`)}`;
}

/** Names some places, in a name tree or in the old dictionary; answers what links may say, `(name)` or `/name`. */
export function addDestinations(sketch: Sketch): string[] {
  const { random } = sketch;
  const chosen = random.shuffled(NAMES).slice(0, random.between(1, NAMES.length)).sort();
  const old = random.chance(30) ? chosen.splice(0, random.below(chosen.length)) : [];
  const value = (): string => {
    const destination = explicitDestination(sketch);
    return random.chance(50) ? destination : `<< /D ${destination} >>`;
  };
  // Direct values, as PDFium lists no others.
  if (old.length > 0)
    sketch.catalog.push(`/Dests << ${old.map((name) => `/${name} ${value()}`).join(' ')} >>`);
  sketch.names.push(
    `/Dests ${sketch.tree(
      'Names',
      chosen.map((name) => [`(${name})`, sketch.maybe(value())]),
    )}`,
  );
  return [...old.map((name) => `/${name}`), ...chosen.map((name) => `(${name})`)];
}
