/**
 * Everything that is measured, as ratios to peers in the same run. `npm run bench` takes some minutes; a word after `--` picks one
 * part: merge, verbs, flow, server, read, render, pictures, office, uploads, web. A number says of uploads how many MB the larger files have
 * (`uploads 1024`), of office and web after how many documents the memory is looked at (`office 500`); of pictures files may be named.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { benchFlow } from './flow.ts';
import { benchCsv, benchOffice } from './office.ts';
import { benchPictures } from './pictures-to-pdf.ts';
import { benchReading } from './reading.ts';
import { benchRendering } from './rendering.ts';
import { benchResources } from './resources.ts';
import { benchUploads } from './uploads.ts';
import { benchWeb } from './web.ts';

const parts: Readonly<Record<string, (more: readonly string[]) => void | Promise<void>>> = {
  merge: benchMerge,
  verbs: benchVerbs,
  flow: benchFlow,
  server: benchResources,
  read: benchReading,
  render: benchRendering,
  pictures: benchPictures,
  office: ([count = '500']) => benchOffice(Number(count)),
  uploads: ([mb = '256']) => benchUploads(Number(mb)),
  async web([count = '20']) {
    await benchWeb(Number(count));
    await benchCsv(Number(count));
  },
};

const [picked, ...more] = process.argv.slice(2);
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
