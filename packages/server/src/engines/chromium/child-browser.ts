import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { Protocol } from './child-protocol.ts';
import { findBrowser } from './places.ts';

/** A browser that runs in this box. */
export interface Browser {
  readonly protocol: Protocol;
  /** What it wrote to its standard error, the beginning alone. */
  said(): string;
}

const saidMax = 4_096;

/** What the browser does by itself, and what pages could reach without the proxy. */
const off = [
  'AcceptCHFrame',
  'AutofillServerCommunication',
  'BackForwardCache',
  'CertificateTransparencyComponentUpdater',
  'DialMediaRouteProvider',
  'EnableTLS13EarlyData',
  'GlobalMediaControls',
  'HttpsUpgrades',
  'IsolateOrigins',
  'site-per-process',
  'LocalNetworkAccessChecks',
  'InterestFeedContentSuggestions',
  'MediaRouter',
  'OptimizationHints',
  'PaintHolding',
  'Prerender2',
  'PrivateAggregationApi',
  'SafeBrowsing',
  'SegmentationPlatform',
  'SpareRendererForSitePerProcess',
  'Translate',
  'UseDnsHttpsSvcb',
  'AsyncDns',
  'DnsOverHttps',
];

/** Starts the browser. `proxyPort`: of 127.0.0.1 in this box, all that there is of a network. */
export function startBrowser(proxyPort: number): Browser {
  const program = findBrowser();
  if (program === undefined) throw new Error('There is no browser in the box.');
  const child = spawn(program, flags(proxyPort), {
    env: {
      HOME: '/tmp',
      XDG_CACHE_HOME: '/tmp/cache',
      XDG_CONFIG_HOME: '/tmp/config',
      LANG: 'C.UTF-8',
      TMPDIR: '/tmp',
    },
    cwd: '/tmp',
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  const [, , errors, to, from] = child.stdio as [null, null, Readable, Writable, Readable];
  const protocol = new Protocol(to, from);
  let said = '';
  errors.on('data', (chunk: Buffer) => (said = (said + chunk.toString('latin1')).slice(0, saidMax)));
  child.on('error', () => protocol.end('it could not be started'));
  child.on('exit', (code, signal) => protocol.end(`it ended (${signal ?? code})`));
  return { protocol, said: () => said };
}

function flags(proxyPort: number): string[] {
  return [
    '--headless',
    '--remote-debugging-pipe',
    '--user-data-dir=/tmp/profile',
    `--proxy-server=http://127.0.0.1:${proxyPort}`,
    // Without it, what names this machine would be reached past the proxy.
    '--proxy-bypass-list=<-loopback>',
    // Names are looked up by the proxy, and there is nobody to ask in the box.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    '--webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--force-webrtc-ip-handling-policy',
    '--disable-quic',
    '--no-pings',
    '--no-first-run',
    '--no-default-browser-check',
    '--no-service-autorun',
    '--disable-background-networking',
    '--disable-background-timer-throttling',
    '--disable-breakpad',
    '--disable-client-side-phishing-detection',
    '--disable-component-extensions-with-background-pages',
    '--disable-component-update',
    '--disable-crash-reporter',
    '--disable-default-apps',
    '--disable-dev-shm-usage',
    '--disable-domain-reliability',
    '--disable-extensions',
    '--disable-gpu',
    '--disable-hang-monitor',
    '--disable-notifications',
    // Frames of other hosts are read by the same process, as all of it ends with the page.
    '--disable-site-isolation-trials',
    '--blink-settings=lazyLoadEnabled=false',
    '--disable-prompt-on-repost',
    '--disable-renderer-backgrounding',
    '--disable-search-engine-choice-screen',
    '--disable-speech-api',
    '--disable-sync',
    '--deny-permission-prompts',
    '--font-render-hinting=none',
    '--force-color-profile=srgb',
    '--hide-scrollbars',
    '--metrics-recording-only',
    '--mute-audio',
    '--password-store=basic',
    '--use-mock-keychain',
    `--disable-features=${off.join()}`,
    '--enable-features=NetworkServiceInProcess2',
    '--disable-crashpad-for-testing',
    '--no-startup-window',
  ];
}
