import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Abilities } from '../../../src/engines/capabilities.ts';
import type { Engine, EngineContext } from '../../../src/engines/engine.ts';
import { createOfficeEngine } from '../../../src/engines/libreoffice/engine.ts';
import { findInstallation } from '../../../src/engines/libreoffice/installation.ts';
import { createOctavoEngine, octavoProgram } from '../../../src/engines/octavo/engine.ts';
import { Failure } from '../../../src/errors.ts';
import type { BoxPool, Sandbox } from '../../../src/sandbox/sandbox.ts';
import { openWorkshop, type Workshop } from '../workshop.ts';

const isNeeded = process.env['OCTAVO_REQUIRE_ENGINES'] === '1';
/** Why tests with the real program are skipped; false where they run, or have to. */
export const skip = findInstallation() !== undefined || isNeeded ? false : 'LibreOffice is not installed';

type Own = Partial<Omit<Abilities['office.to-pdf']['takes'], 'document'>> & {
  readonly context?: Partial<EngineContext>;
};

/** An engine with real boxes, for one suite. */
export interface OfficeWorkshop extends Workshop {
  engine(): Engine;
  pool(): BoxPool;
  /** A document as PDF, and its bytes as text. */
  print(
    bytes: Uint8Array | string,
    name: string,
    own?: Own,
  ): Promise<Abilities['office.to-pdf']['gives'] & { readonly bytes: Buffer }>;
  /** What a client hears of a document that is refused. */
  refusal(bytes: Uint8Array | string, name: string, own?: Own): Promise<string>;
}

/** Opens a workshop for the suite that calls this; `more` starts what else it needs. */
export function openOffice(more?: (sandbox: Sandbox, directory: string) => void): OfficeWorkshop {
  let engine: Engine;
  let pool: BoxPool;
  const workshop = openWorkshop(undefined, (sandbox, directory) => {
    more?.(sandbox, directory);
    const started: Pick<typeof sandbox, 'tier' | 'pool'> = {
      tier: sandbox.tier,
      pool: (program) => (pool = sandbox.pool(program)),
    };
    const octavo = createOctavoEngine(sandbox.pool(octavoProgram({ size: 1 })), { directory });
    engine = createOfficeEngine(started, { directory, boxes: 2, inspect: octavo.abilities['pdf.info'] });
  });
  const print: OfficeWorkshop['print'] = async (bytes, name, own = {}) => {
    const { context, ...asked } = own;
    const document = workshop.file(bytes, name);
    const ability = engine.abilities['office.to-pdf'];
    assert.ok(ability);
    const made = await ability(
      { document, sheet: '', fitsPages: false, ...asked },
      workshop.context(context),
    );
    return { ...made, bytes: readFileSync(made.file.path) };
  };
  return {
    ...workshop,
    engine: () => engine,
    pool: () => pool,
    print,
    async refusal(bytes, name, own) {
      let said = '';
      await assert.rejects(print(bytes, name, own), (error) => {
        assert.ok(error instanceof Failure, String(error));
        said = `${error.status} ${error.message}`;
        return true;
      });
      return said;
    },
  };
}
