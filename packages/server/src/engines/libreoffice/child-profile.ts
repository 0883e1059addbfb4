import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Installation } from './installation.ts';

/** Settings of the office program: a path, a property, and its value. Those that a version does not know it leaves out. */
const settings: readonly (readonly [path: string, property: string, value: string | number | boolean])[] = [
  // As if it had been started before: a first start tests how it draws for seconds, and begins anew.
  ['org.openoffice.Setup/Product', 'ooSetupLastVersion', '99.9'],
  ['org.openoffice.Setup/Office', 'ooSetupInstCompleted', true],
  ['org.openoffice.Office.Common/Misc', 'FirstRun', false],
  ['org.openoffice.Office.Common/Misc', 'CrashReport', false],
  // Nothing of a document runs.
  ['org.openoffice.Office.Common/Security/Scripting', 'MacroSecurityLevel', 3],
  ['org.openoffice.Office.Common/Security/Scripting', 'DisableMacrosExecution', true],
  ['org.openoffice.Office.Common/Security/Scripting', 'DisableActiveContent', true],
  ['org.openoffice.Office.Common/Security/Scripting', 'DisableOLEAutomation', true],
  ['org.openoffice.Office.Common/Security/Scripting', 'DisablePythonRuntime', true],
  ['org.openoffice.Office.Java/VirtualMachine', 'Enable', false],
  // Nothing of other files is read.
  ['org.openoffice.Office.Common/Security/Scripting', 'BlockUntrustedRefererLinks', true],
  ['org.openoffice.Office.Writer/Content/Update', 'Link', 0],
  ['org.openoffice.Office.Writer/Content/Update', 'Field', false],
  ['org.openoffice.Office.Writer/Content/Update', 'Chart', false],
  ['org.openoffice.Office.WriterWeb/Content/Update', 'Link', 0],
  ['org.openoffice.Office.Calc/Content/Update', 'Link', 2],
  // What is for people at a screen.
  ['org.openoffice.Office.Common/Save/Document', 'AutoSave', false],
  ['org.openoffice.Office.Recovery/AutoSave', 'Enabled', false],
  ['org.openoffice.Office.Recovery/RecoveryInfo', 'Enabled', false],
  ['org.openoffice.Office.Common/Misc', 'ShowTipOfTheDay', false],
];

/** Writes a profile that fits this installation into a folder that is not there yet. */
export function writeProfile(folder: string, { buildId }: Installation): void {
  mkdirSync(join(folder, 'user', 'extensions'), { recursive: true });
  writeFileSync(join(folder, 'user', 'registrymodifications.xcu'), registry());
  // Without it, extensions are looked for and the program begins anew.
  writeFileSync(join(folder, 'user', 'extensions', 'buildid'), buildId);
}

function registry(): string {
  const items = settings.map(
    ([path, property, value]) =>
      `<item oor:path="/${path}"><prop oor:name="${property}" oor:op="fuse"><value>${value}</value></prop></item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
${items.join('\n')}
</oor:items>
`;
}
