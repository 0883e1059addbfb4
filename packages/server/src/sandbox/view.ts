import { existsSync, lstatSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BoxProgram } from './sandbox.ts';

/** What of the machine a box sees: nothing else exists inside. */
export interface View {
  /** The real path of the module that Node starts. */
  readonly entry: string;
  /** The program's own files and folders, by their real paths. */
  readonly program: readonly string[];
  /** Node, its libraries and the programs that set up the box from inside. */
  readonly system: readonly string[];
  /** Symbolic links that have to be there for paths to resolve as they do outside. */
  readonly links: readonly { readonly at: string; readonly to: string }[];
}

/** Works out what a program has to see. `tools` are programs that run inside before Node does. */
export function viewOf(program: BoxProgram, tools: readonly string[]): View {
  const entry = realpathSync(fileURLToPath(program.entry));
  const sandbox = dirname(realpathSync(fileURLToPath(import.meta.url)));
  const packages = findPackages(program.packages ?? [], entry);
  const libraries = systemLibraries();
  const native = systemFiles([...(program.reads ?? []), ...(program.native?.reads ?? [])]);
  const own = outermost([
    dirname(entry),
    sandbox,
    ...(program.beside ?? []).map((folder) => realpathSync(fileURLToPath(folder))),
    ...packageFiles(dirname(entry)),
    ...packageFiles(sandbox),
    ...packages.map((found) => found.real),
  ]);
  const links = packages
    .flatMap((found) => found.links)
    .filter(({ at }) => !own.some((path) => at.startsWith(path + sep)));
  return {
    entry,
    program: own,
    system: outermost([realpathSync(process.execPath), ...tools, ...libraries.folders, ...native.files]),
    links: distinct([...libraries.links, ...native.links, ...links]),
  };
}

function distinct(links: View['links']): View['links'] {
  return [...new Map(links.map((link) => [link.at, link])).values()];
}

/** What of these exists, links apart: they lead to others of the list. */
function systemFiles(reads: readonly string[]) {
  const there = reads.filter((path) => existsSync(path));
  const isLink = (path: string) => lstatSync(path).isSymbolicLink();
  return {
    files: there.filter((path) => !isLink(path)),
    links: there.filter(isLink).map((at) => ({ at, to: readlinkSync(at) })),
  };
}

interface FoundPackage {
  readonly real: string;
  readonly links: View['links'];
}

/** Packages with all that they depend on; of what they can do without, what is installed. */
function findPackages(names: readonly string[], entry: string): FoundPackage[] {
  const found = new Map<string, FoundPackage>();
  const add = (name: string, from: string, isNeeded: boolean): void => {
    const one = findPackage(name, from);
    if (one === undefined && isNeeded)
      throw new Error(`The package ${name} is not installed next to ${from}.`);
    if (one === undefined || found.has(one.real)) return;
    found.set(one.real, one);
    const { dependencies = {}, optionalDependencies = {} } = readPackage(one.real);
    for (const needed of Object.keys(dependencies))
      add(needed, join(one.real, 'package.json'), !(needed in optionalDependencies));
    for (const optional of Object.keys(optionalDependencies))
      add(optional, join(one.real, 'package.json'), false);
  };
  for (const name of names) add(name, entry, true);
  return [...found.values()];
}

function readPackage(folder: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** Where Node will find a package: the same walk up the folders that it does itself. */
function findPackage(name: string, from: string): FoundPackage | undefined {
  for (const folder of ancestors(dirname(from))) {
    const at = join(folder, 'node_modules', name);
    if (!existsSync(at)) continue;
    const real = realpathSync(at);
    // A workspace links its packages: Node follows the link, and runs TypeScript only outside of node_modules.
    return { real, links: real === at ? [] : [{ at, to: real }] };
  }
  return undefined;
}

/** The nearest package.json, by which Node knows what kind of module a file is. */
function packageFiles(folder: string): string[] {
  const found = ancestors(folder)
    .map((parent) => join(parent, 'package.json'))
    .find((path) => existsSync(path));
  return found === undefined ? [] : [found];
}

/** A folder and all above it. */
export function ancestors(folder: string): string[] {
  const up = dirname(folder);
  return up === folder ? [folder] : [folder, ...ancestors(up)];
}

/** Drops what lies inside of something else in the list. */
function outermost(paths: readonly string[]): string[] {
  const all = [...new Set(paths)].sort();
  return all.filter((path) => !all.some((other) => other !== path && path.startsWith(other + sep)));
}

/** The folders of the libraries that this very Node has loaded, and how the loader reaches them. */
function systemLibraries() {
  const folders: string[] = [];
  const links: { at: string; to: string }[] = [];
  for (const top of ['/lib', '/lib64', '/usr/lib64', '/etc/ld.so.cache']) {
    if (!existsSync(top)) continue;
    if (lstatSync(top).isSymbolicLink()) links.push({ at: top, to: readlinkSync(top) });
    else folders.push(top);
  }
  for (const path of mappedLibraries()) folders.push(dirname(path));
  return { folders, links };
}

function mappedLibraries(): string[] {
  const maps = existsSync('/proc/self/maps') ? readFileSync('/proc/self/maps', 'utf8') : '';
  return [...maps.matchAll(/ (\/\S+\.so(?:\.[\d.]+)?)$/gm)].map(([, path]) => path ?? '').filter(existsSync);
}
