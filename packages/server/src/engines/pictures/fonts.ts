import { readdirSync } from 'node:fs';

/** Where the system has fonts, for the text of drawings. */
const folders: readonly string[] = ['/usr/share/fonts', '/usr/local/share/fonts'];

/** What drawing text reads of the system: fonts, settings, and what is known of fonts already. */
export const fontPaths: readonly string[] = [
  ...folders,
  '/etc/fonts',
  '/usr/share/fontconfig',
  '/var/cache/fontconfig',
];

/** Whether the system has fonts. */
export function hasFonts(): boolean {
  return folders.some((folder) => {
    try {
      return readdirSync(folder).length > 0;
    } catch {
      return false;
    }
  });
}
