import { readFileSync, writeFileSync } from 'node:fs';
import { serve } from '../../../src/sandbox/child.ts';

await serve((message, files) => {
  const { does } = message as { does: string };
  if (does === 'copy') {
    writeFileSync(files.output('result'), readFileSync(files.input('a')));
    return { pid: process.pid };
  }
  return { does };
});
