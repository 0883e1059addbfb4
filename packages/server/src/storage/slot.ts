import { lstatSync, readlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Slots have names without a dot, versions with dots. */
export function isSlotName(name: string): boolean {
  return !name.includes('.');
}

/** Name of the slot that a version belongs to. */
export function slotNameOf(version: string): string {
  return version.slice(0, version.indexOf('.'));
}

/**
 * Whether a slot leads to this version: by a symbolic link, or as a second name of its file. False where either is not there.
 */
export function leadsTo(slot: string, version: string): boolean {
  const stats = lstatSync(slot, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (stats.isSymbolicLink()) return readlinkSync(slot) === basename(version);
  return lstatSync(version, { bigint: true, throwIfNoEntry: false })?.ino === stats.ino;
}

/** Name of the version that a slot leads to; `names` are those in its directory. */
export function newestOf(slot: string, names: readonly string[]): string | undefined {
  const directory = dirname(slot);
  const isOurs = (name: string) => name.startsWith(`${basename(slot)}.`);
  return names.find((name) => isOurs(name) && leadsTo(slot, join(directory, name)));
}
