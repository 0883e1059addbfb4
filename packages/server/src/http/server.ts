import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Failure, failures } from '../errors.ts';
import { TextBudget } from './body/budget.ts';
import { answerPreflight } from './cors.ts';
import { answerError, refusals } from './failed.ts';
import { type Listeners, listen } from './listen.ts';
import type { Edge, HttpOptions } from './options.ts';
import { addRoutes } from './routes.ts';

/** The HTTP edge of the server. */
export interface HttpServer {
  /** Begins to listen. Throws an Error with a sentence for the operator. Gives the port, and the addresses that are bound. */
  listen(): Promise<{ readonly port: number; readonly addresses: readonly string[] }>;
  /** Takes no new work, lets what runs end within the time, then closes the rest. */
  close(graceMs: number): Promise<void>;
}

/** Makes the edge; it opens nothing before `listen`. */
export function createHttpServer(options: HttpOptions): HttpServer {
  const edge: Edge = {
    ...options,
    stopping: false,
    texts: new TextBudget(options.settings.textBytesMax),
    waits: new Set(),
    polls: new Set(),
  };
  const app = createApp(edge);
  let listeners: Listeners | undefined;
  return {
    async listen() {
      await app.ready();
      listeners = await listen(edge, (request, response) => {
        if (!request.url?.startsWith('/')) request.url = originForm(request.url ?? '');
        app.routing(request, response);
      });
      return { port: listeners.port, addresses: listeners.addresses };
    },
    async close(graceMs) {
      edge.stopping = true;
      for (const poll of edge.polls) poll.abort();
      await listeners?.close(graceMs, () => {
        for (const wait of edge.waits) wait.abort();
      });
    },
  };
}

function createApp(edge: Edge): FastifyInstance {
  const app = fastify({
    genReqId: requestId,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) =>
      void answerError(edge, error, request, reply as unknown as FastifyReply),
    routerOptions: {
      ignoreTrailingSlash: true,
      maxParamLength: 1_000,
      // The query is read by `readRequest`, as the wire has it.
      querystringParser: () => ({}),
    },
  });
  // Then Fastify looks at no Content-Type, and cannot refuse one: the kind of a body is told by the body.
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  }
  addRoutes(app, edge);
  app.setNotFoundHandler((request, reply) => {
    if (request.method === 'OPTIONS') return answerPreflight(edge, request, reply);
    throw new Failure('pathUnknown');
  });
  app.setErrorHandler((error, request, reply) => answerError(edge, error, request, reply));
  app.addHook('onRequest', (request, reply, done) => {
    const startMs = performance.now();
    // Always comes, also where the client goes away in the middle; Fastify's own hook does not.
    reply.raw.once('close', () => logRequest(edge, request, reply, performance.now() - startMs));
    done();
  });
  return app;
}

/** The client's own id where it is a plain one, so that its log and ours can be laid side by side. */
function requestId(request: IncomingMessage): string {
  const asked = request.headers['x-request-id'];
  return typeof asked === 'string' && /^[\w.-]{1,64}$/.test(asked) ? asked : randomUUID();
}

/** `GET http://host/path`, as a proxy asks (RFC 9112, 3.2.2). */
function originForm(target: string): string {
  return target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/^(?=[^/])|^$/, '/');
}

/** One line for each request: the pattern of its route and never its URL, which may hold links, keys and passwords. */
function logRequest(edge: Edge, request: FastifyRequest, reply: FastifyReply, tookMs: number): void {
  const refusal = refusals.get(request);
  edge.log.info('request', {
    request: request.id,
    method: request.method,
    route: request.routeOptions.url ?? 'unknown',
    status: reply.raw.headersSent ? reply.statusCode : undefined,
    ms: Math.round(tookMs),
    bytes: Number(reply.getHeader('content-length') ?? 0),
    failure: refusal?.row,
    // What the client ran into, as the operator can move it.
    setting: refusal && /OCTAVO_\w+/.exec(failures[refusal.row].about)?.[0],
    detail: refusal?.row === 'internal' ? undefined : refusal?.detail,
    aborted: reply.raw.writableFinished ? undefined : true,
  });
}
