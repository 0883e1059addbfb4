import { leading } from './destinations.ts';
import type { Sketch } from './sketch.ts';

/** Outlines of up to three levels. */
export function addOutlines(sketch: Sketch, names: readonly string[]): void {
  const root = sketch.reserve();
  const { entries, visible } = items(sketch, names, root, 3, `${sketch.name} item`);
  sketch.objects[root] = `<< /Type /Outlines ${entries} /Count ${visible} >>`;
  sketch.catalog.push(`/Outlines ${root} 0 R`);
}

/** Items of one level; answers /First and /Last for their parent, and how many are seen when it is open. */
function items(
  sketch: Sketch,
  names: readonly string[],
  parent: number,
  depth: number,
  title: string,
): { entries: string; visible: number } {
  const { random } = sketch;
  const numbers = Array.from({ length: random.between(1, 3) }, () => sketch.reserve());
  let visible = numbers.length;
  for (const [index, number] of numbers.entries()) {
    const own = `${title} ${index + 1}`;
    const parts = [`/Parent ${parent} 0 R /Title ${string(sketch, own)}`];
    if (index > 0) parts.push(`/Prev ${numbers[index - 1]} 0 R`);
    if (index + 1 < numbers.length) parts.push(`/Next ${numbers[index + 1]} 0 R`);
    if (random.chance(80)) parts.push(leading(sketch, names));
    else if (random.chance(50)) parts.push('/A << /S /URI /URI (https://example.com/outline) >>');
    if (random.chance(30)) parts.push(`/C [1 0.${random.below(10)} 0] /F ${random.below(4)}`);
    if (depth > 1 && random.chance(40)) {
      const kids = items(sketch, names, number, depth - 1, own);
      const isOpen = random.chance(50);
      if (isOpen) visible += kids.visible;
      parts.push(kids.entries, `/Count ${isOpen ? kids.visible : -kids.visible}`);
    }
    sketch.objects[number] = `<< ${parts.join(' ')} >>`;
  }
  return { entries: `/First ${numbers[0]} 0 R /Last ${numbers.at(-1)} 0 R`, visible };
}

/** A text string in one of its encodings. */
export function string({ random }: Sketch, text: string): string {
  if (random.chance(70)) return `(${text})`;
  return `<FEFF${Buffer.from(`${text} é`, 'utf16le').swap16().toString('hex')}>`;
}
