import { existsSync } from 'node:fs';

/**
 * Where systems put the program of the browser itself; what lies in a search path are scripts that start it. First the one that is made
 * without windows: it starts with less than half of the processor's time, and shows the same.
 */
const browserPlaces: readonly string[] = [
  '/usr/lib/chromium/chromium-headless-shell',
  '/usr/lib/chromium/chromium',
  '/usr/lib64/chromium/chromium',
  '/usr/lib/chromium-browser/chromium-browser',
  '/usr/lib64/chromium-browser/chromium-browser',
  '/opt/chromium.org/chromium/chrome',
  '/opt/google/chrome/chrome',
];

/** The program of the browser, where one is installed. */
export function findBrowser(): string | undefined {
  return browserPlaces.find((place) => existsSync(place));
}

/** What it reads besides its own folder: fonts, how they are found, and how names of languages are spelled. */
export const systemReads: readonly string[] = [
  '/etc/fonts',
  '/usr/share/fonts',
  '/usr/local/share/fonts',
  '/usr/share/fontconfig',
  '/var/cache/fontconfig',
  '/usr/share/zoneinfo',
  '/etc/localtime',
];
