import { writeFileSync } from 'node:fs';
import type { AskedFile, BrowseLimits } from './messages.ts';
import type { Tab } from './child-tab.ts';

const windowHeight = 1_024;
const jpegQuality = 90;

/** Makes the window of a tab so wide; before anything is opened in it. */
export function widen(tab: Tab, width: number): Promise<unknown> {
  return tab.send('Emulation.setDeviceMetricsOverride', {
    width,
    height: windowHeight,
    deviceScaleFactor: 1,
    mobile: false,
  });
}

/** Takes a picture of the whole page of a tab. Gives warnings. */
export async function picture(
  tab: Tab,
  { as, width }: Exclude<AskedFile, { as: 'pdf' }>,
  path: string,
  { sideMax }: BrowseLimits,
): Promise<readonly string[]> {
  const { cssContentSize } = (await tab.send('Page.getLayoutMetrics')) as {
    cssContentSize: { width: number; height: number };
  };
  const asked = {
    width: Math.max(width, Math.ceil(cssContentSize.width)),
    height: Math.ceil(cssContentSize.height),
  };
  const size = {
    width: Math.min(asked.width, sideMax),
    height: Math.min(Math.max(1, asked.height), sideMax),
  };
  const { data } = await tab.send('Page.captureScreenshot', {
    ...(as === 'png' ? { format: 'png' } : { format: 'jpeg', quality: jpegQuality }),
    clip: { x: 0, y: 0, ...size, scale: 1 },
    captureBeyondViewport: true,
  });
  writeFileSync(path, data as string, 'base64');
  const isCut = size.width < asked.width || size.height < asked.height;
  return isCut ? [`The page is larger than its picture, which ends at ${sideMax} pixels.`] : [];
}
