import { Declined, type BrowserEvent, type Params, type Protocol } from './child-protocol.ts';
import { Refused } from '../../sandbox/refusal.ts';

/** A file that the page is, instead of what its link leads to. */
export interface Served {
  readonly link: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** What a tab may do. */
export interface TabRules {
  readonly served?: Served | undefined;
  /** Whether anything else may be loaded. */
  readonly isOnline: boolean;
  /** For the origin of the page alone. */
  readonly login?: { readonly origin: string; readonly username: string; readonly password: string };
}

/** The answer that the page itself is. */
export interface MainAnswer {
  readonly status: number;
  /** Empty where the browser says nothing of it, as it shows nothing of it. */
  readonly mimeType: string;
}

/** Requests that end late or never, and that nothing of what is shown waits for. */
const endless = ['EventSource', 'WebSocket', 'Ping', 'Prefetch', 'CSPViolationReport', 'Preflight'];
/** So long without a request: nothing more comes. */
const quietMs = 500;
const failedMax = 10_000;
/** For what a page answers at once, unless its scripts keep it busy. */
const answerMsMax = 5_000;

/** One tab of the browser, with what it has loaded. */
export class Tab {
  readonly #protocol: Protocol;
  readonly #session: string;
  readonly #frame: string;
  /** Links of what is being loaded, and is waited for. */
  readonly #under = new Map<string, string>();
  readonly #changed = new Set<() => void>();
  #rules: TabRules = { isOnline: false };
  #isServed = false;
  #reached = new Set<string>();
  #requests = 0;
  /** The request for the page itself. */
  #page = '';
  #quietSince = performance.now();
  #logins = new Set<string>();
  readonly #crashed = Promise.withResolvers<never>();
  /** Links of what could not be loaded. */
  readonly failed: string[] = [];
  main: MainAnswer | undefined;
  /** The link that was asked for last as the page itself: after redirects another one. */
  asked = '';

  constructor(protocol: Protocol, session: string, frame: string) {
    this.#protocol = protocol;
    this.#session = session;
    this.#frame = frame;
    protocol.listen((event) => this.#hear(event));
    this.#crashed.promise.catch(() => {});
  }

  /** Opens a tab without a page, in which nothing can be loaded yet. */
  static async open(protocol: Protocol): Promise<Tab> {
    const { targetId } = await protocol.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await protocol.send('Target.attachToTarget', { targetId, flatten: true });
    const tab = new Tab(protocol, sessionId as string, targetId as string);
    await Promise.all([
      protocol.send('Browser.setDownloadBehavior', { behavior: 'deny' }),
      tab.send('Page.enable'),
      tab.send('Network.enable', { maxTotalBufferSize: 0, maxResourceBufferSize: 0 }),
      tab.send('Network.setBypassServiceWorker', { bypass: true }),
      tab.send('Page.setLifecycleEventsEnabled', { enabled: true }),
      tab.send('Target.setAutoAttach', {
        autoAttach: true,
        waitForDebuggerOnStart: true,
        flatten: true,
        filter: [{ type: 'page' }, { exclude: true }],
      }),
      tab.send('Page.addScriptToEvaluateOnNewDocument', { source: 'window.print=()=>{}' }),
    ]);
    return tab;
  }

  /** Throws what the protocol does, and Refused when the page has taken its process down. */
  send(method: string, params: Params = {}): Promise<Params> {
    return Promise.race([this.#crashed.promise, this.#protocol.send(method, params, this.#session)]);
  }

  /** Goes to a link. Gives what the browser says of a page that did not come, else undefined. */
  async go(link: string, rules: TabRules, msMax: number): Promise<string | undefined> {
    this.#rules = rules;
    this.#isServed = false;
    this.#requests = 0;
    // Of what the page before was still loading, the browser may say nothing more.
    this.#under.clear();
    this.#quietSince = performance.now();
    this.main = undefined;
    const all = !rules.isOnline || rules.login !== undefined;
    const urlPattern = all ? '*' : rules.served && `${new URL(rules.served.link).origin}/*`;
    if (urlPattern === undefined) await this.send('Fetch.disable');
    else
      await this.send('Fetch.enable', {
        patterns: [{ urlPattern }],
        handleAuthRequests: rules.login !== undefined,
      });
    this.#reached = new Set();
    const went = await within(msMax, this.send('Page.navigate', { url: link }));
    return went === undefined ? 'net::ERR_TIMED_OUT' : (went['errorText'] as string | undefined);
  }

  /** Waits until the page has come so far; false when that takes too long. */
  reaches(name: 'DOMContentLoaded' | 'load', until: number): Promise<boolean> {
    return this.#waitFor(() => this.#reached.has(name), until);
  }

  /** Whether the page has asked for anything but itself. */
  get hasAsked(): boolean {
    return this.#requests > 1;
  }

  /** Waits until nothing was asked for during half a second; false when that takes too long. */
  async isQuiet(until: number): Promise<boolean> {
    const isStill = () => this.#under.size === 0;
    for (;;) {
      if (!(await this.#waitFor(isStill, until))) return false;
      const left = this.#quietSince + quietMs - performance.now();
      if (left <= 0) return true;
      if (performance.now() > until) return false;
      await delay(Math.min(left, Math.max(1, until - performance.now())));
    }
  }

  /**
   * Runs an expression in the page, and gives its value. Throws Declined with the words of what it throws, or when it takes too long.
   */
  async evaluate(expression: string, msMax: number): Promise<unknown> {
    const ran = this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      timeout: msMax,
    });
    const answer = await within(msMax + answerMsMax, ran);
    if (answer === undefined) throw new Declined('it takes too long');
    const { result, exceptionDetails: thrown } = answer as {
      result?: { value?: unknown };
      exceptionDetails?: { text?: string; exception?: { description?: string; value?: unknown } };
    };
    if (thrown === undefined) return result?.value;
    const { description, value } = thrown.exception ?? {};
    throw new Declined(String(description ?? value ?? thrown.text).split('\n')[0]);
  }

  /** Ends scripts that never end. Throws Refused where that does not help. */
  async stop(): Promise<void> {
    void this.send('Page.stopLoading').catch(() => {});
    if (!(await this.#answers())) await this.still();
  }

  /** Ends scripts, and lets no other begin. Throws Refused where that does not help. */
  async still(): Promise<void> {
    void this.endScript();
    void this.send('Emulation.setScriptExecutionDisabled', { value: true }).catch(() => {});
    if (!(await this.#answers())) throw new Refused('limit', 'it keeps the browser busy');
  }

  /** Ends the script that runs, if one does. */
  async endScript(): Promise<void> {
    await this.send('Runtime.terminateExecution').catch(() => {});
  }

  async #answers(): Promise<boolean> {
    const answer = this.send('Runtime.evaluate', { expression: '1' }).catch(() => ({}));
    return (await within(answerMsMax, answer)) !== undefined;
  }

  #waitFor(isSo: () => boolean, until: number): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (was: boolean) => {
        clearTimeout(timer);
        this.#changed.delete(look);
        resolve(was);
      };
      const look = () => isSo() && end(true);
      const timer = setTimeout(() => end(isSo()), Math.max(0, until - performance.now()));
      this.#changed.add(look);
      look();
    });
  }

  #hear({ method, params, sessionId }: BrowserEvent): void {
    if (sessionId !== this.#session) return;
    const handler = this.#handlers[method];
    if (handler === undefined) return;
    handler(params as never);
    for (const look of this.#changed) look();
  }

  readonly #handlers: Readonly<Record<string, (params: never) => void>> = {
    'Page.lifecycleEvent': ({ frameId, name }: { frameId: string; name: string }) => {
      if (frameId !== this.#frame) return;
      if (name === 'init') this.#reached = new Set();
      this.#reached.add(name);
    },
    'Inspector.targetCrashed': () =>
      this.#crashed.reject(new Refused('limit', 'it needs too much memory, or breaks the browser')),
    'Page.javascriptDialogOpening': () => void this.#try('Page.handleJavaScriptDialog', { accept: false }),
    'Target.attachedToTarget': ({ targetInfo }: { targetInfo: { targetId: string } }) =>
      void this.#protocol.send('Target.closeTarget', { targetId: targetInfo.targetId }).catch(() => {}),
    'Network.requestWillBeSent': (asked: {
      requestId: string;
      frameId?: string;
      request: { url: string };
      type?: string;
    }) => {
      this.#requests += 1;
      if (asked.type === 'Document' && asked.frameId === this.#frame) {
        this.#page = asked.requestId;
        this.asked = asked.request.url;
      }
      const isWaitedFor = !endless.includes(asked.type ?? '') && /^https?:/.test(asked.request.url);
      if (isWaitedFor) this.#under.set(asked.requestId, asked.request.url);
    },
    'Network.responseReceivedExtraInfo': (answer: { requestId: string; statusCode: number }) => {
      if (answer.requestId === this.#page) this.main = { status: answer.statusCode, mimeType: '' };
    },
    'Network.responseReceived': (answer: {
      requestId: string;
      frameId?: string;
      type: string;
      response: MainAnswer & { url: string };
    }) => {
      const { status, mimeType, url } = answer.response;
      if (answer.type === 'Document' && answer.frameId === this.#frame) {
        this.main = { status, mimeType };
      } else if (status >= 400) this.#fail(url);
    },
    'Network.loadingFinished': ({ requestId }: { requestId: string }) => this.#end(requestId),
    'Network.loadingFailed': ({ requestId, type }: { requestId: string; type: string }) => {
      const url = this.#under.get(requestId);
      if (url !== undefined && type !== 'Document') this.#fail(url);
      this.#end(requestId);
    },
    'Fetch.requestPaused': (paused: { requestId: string; request: { url: string }; resourceType: string }) =>
      this.#decide(paused),
    'Fetch.authRequired': (asked: {
      requestId: string;
      request: { url: string };
      authChallenge: { source?: string; origin: string };
    }) => this.#login(asked),
  };

  #end(requestId: string): void {
    this.#under.delete(requestId);
    this.#quietSince = performance.now();
  }

  #fail(url: string): void {
    if (this.failed.length < failedMax && !url.endsWith('/favicon.ico')) this.failed.push(url);
  }

  #decide({
    requestId,
    request,
    resourceType,
  }: {
    requestId: string;
    request: { url: string };
    resourceType: string;
  }): void {
    const { served, isOnline } = this.#rules;
    if (served !== undefined && request.url === served.link && !this.#isServed) {
      this.#isServed = true;
      return this.#try('Fetch.fulfillRequest', {
        requestId,
        responseCode: 200,
        responseHeaders: [{ name: 'content-type', value: served.type }],
        body: served.bytes.toString('base64'),
      });
    }
    const isOfServed = served !== undefined && URL.parse(request.url)?.origin === new URL(served.link).origin;
    if (isOnline && !isOfServed) return this.#try('Fetch.continueRequest', { requestId });
    // A page that cannot go elsewhere stays.
    const errorReason = resourceType === 'Document' ? 'Aborted' : 'BlockedByClient';
    return this.#try('Fetch.failRequest', { requestId, errorReason });
  }

  #login({
    requestId,
    request,
    authChallenge: { source, origin },
  }: {
    requestId: string;
    request: { url: string };
    authChallenge: { source?: string; origin: string };
  }): void {
    const { login } = this.#rules;
    const isRight =
      login !== undefined &&
      source === 'Server' &&
      [origin, URL.parse(request.url)?.origin].every((one) => one === login.origin) &&
      !this.#logins.has(requestId);
    this.#logins.add(requestId);
    this.#try('Fetch.continueWithAuth', {
      requestId,
      authChallengeResponse: isRight
        ? { response: 'ProvideCredentials', username: login.username, password: login.password }
        : { response: 'CancelAuth' },
    });
  }

  /** What the browser may decline, as the page has gone on meanwhile. */
  #try(method: string, params: Params): void {
    this.send(method, params).catch(() => {});
  }
}

/** Undefined where it takes longer. */
export function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
