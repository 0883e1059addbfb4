import { type Files, serve } from '../../sandbox/child.ts';
import { refusalOf } from '../../sandbox/refusal.ts';
import { openBridge } from './child-bridge.ts';
import { startBrowser } from './child-browser.ts';
import { picture, widen } from './child-picture.ts';
import { print } from './child-print.ts';
import { show } from './child-show.ts';
import { Tab } from './child-tab.ts';
import { assertWalls } from './child-walls.ts';
import { type BrowseReply, type BrowseRequest, resultName } from './messages.ts';

// Runs in a box: the browser, and what drives it. One call, as pages leave traces; all is started before it comes.
const bridge = await openBridge();
const browser = startBrowser(bridge.port);
const tab = await Tab.open(browser.protocol).catch((error: unknown) => {
  throw new Error(`${String(error)} ${browser.said()}`);
});
assertWalls();

await serve(async (message, files): Promise<BrowseReply> => {
  try {
    return { made: await make(message as BrowseRequest, files) };
  } catch (error) {
    return { refused: refusalOf(error) };
  }
});

async function make(request: BrowseRequest, files: Files) {
  const { make: asked, limits } = request;
  const path = files.output(resultName);
  if (asked.as !== 'pdf') await widen(tab, asked.width);
  const warnings = await show(tab, bridge, request, files);
  if (asked.as !== 'pdf')
    return { pageCount: 1, warnings: [...warnings, ...(await picture(tab, asked, path, limits))] };
  const printed = await print(tab, asked.print, path, limits);
  return { ...printed, warnings: [...warnings, ...printed.warnings] };
}
