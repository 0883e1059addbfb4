import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Figures } from './figures.ts';

const FILE = fileURLToPath(new URL('./floors.json', import.meta.url));

/** The least that each mean of ours may be, by group and measure, from 0 to 1. */
export type Floors = Readonly<Record<string, Readonly<Record<string, number>>>>;

export function readFloors(): Floors {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Floors;
}

/** Raises floors to what the first reader reached, down to a whole hundredth; lowers none. */
export function raiseFloors({ rows }: Figures): void {
  const floors: Record<string, Record<string, number>> = structuredClone(readFloors());
  for (const { group, measure, means } of rows) {
    const reached = Math.floor((means[0] ?? 0) * 100) / 100;
    const ofGroup = (floors[group] ??= {});
    ofGroup[measure] = Math.max(ofGroup[measure] ?? 0, reached);
  }
  writeFileSync(FILE, `${JSON.stringify(floors, undefined, 2)}\n`);
}
