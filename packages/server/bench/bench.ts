/**
 * Everything that is measured, as ratios to peers in the same run. `npm run bench` takes some minutes; a word after `--` picks one
 * part: merge, verbs, flow, server, read, render, office, uploads, web. A number says of uploads how many MB the larger files have
 * (`uploads 1024`), of web how many pages are printed for each measure (`web 50`), and of office after how many documents the memory is
 * looked at (`office 500`).
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { benchFlow } from './flow.ts';
import { benchOffice } from './office.ts';
import { benchReading } from './reading.ts';
import { benchRendering } from './rendering.ts';
import { benchResources } from './resources.ts';
import { benchUploads } from './uploads.ts';
import { benchWeb } from './web.ts';

const parts: Readonly<Record<string, (more: string | undefined) => void | Promise<void>>> = {
  merge: benchMerge,
  verbs: benchVerbs,
  flow: benchFlow,
  server: benchResources,
  read: benchReading,
  render: benchRendering,
  office: (count) => benchOffice(Number(count ?? 500)),
  uploads: (mb) => benchUploads(Number(mb ?? 256)),
  web: (pages) => benchWeb(Number(pages ?? 12)),
};

const [picked, more] = process.argv.slice(2);
for (const [name, bench] of Object.entries(parts))
  if (picked === undefined || picked === name) await bench(more);

/** In a process of its own, so that one part's heap is not another's. */
function benchMerge(): void {
  for (const flags of [[], ['--large']]) benchPdf('merge', flags);
}

function benchVerbs(): void {
  benchPdf('verbs', []);
}

function benchPdf(name: string, flags: readonly string[]): void {
  const script = fileURLToPath(new URL(`../../pdf/bench/${name}.ts`, import.meta.url));
  spawnSync(process.execPath, ['--conditions=octavo-source', script, ...flags], { stdio: 'inherit' });
}
