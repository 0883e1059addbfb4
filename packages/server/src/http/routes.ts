import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../errors.ts';
import type { PageFile } from '../openapi/page.ts';
import { answerCall } from './call.ts';
import { answerPreflight } from './cors.ts';
import { answerDownload } from './download.ts';
import { answerOperation } from './operation.ts';
import type { Edge } from './options.ts';
import { sendBytes } from './respond.ts';
import { answerUpload } from './upload.ts';

type Handler = (edge: Edge, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
type Handlers = Readonly<Partial<Record<(typeof routed)[number], Handler>>>;

const routed = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const;

/** Every URL that is answered. */
export function addRoutes(app: FastifyInstance, edge: Edge): void {
  for (const operation of edge.operations.values()) {
    const handler: Handler = async (_, request, reply) => {
      refuseWhileStopping(edge);
      return answerOperation(edge, operation, request, reply);
    };
    for (const path of [operation.path, ...(operation.alsoAt ?? [])])
      addRoute(app, edge, path, { GET: handler, POST: handler });
  }
  for (const call of edge.calls) {
    const handler: Handler = (_, request, reply) => answerCall(edge, call, request, reply);
    const methods = call.needsKey ? call.methods : ([...call.methods, 'HEAD'] as const);
    addRoute(
      app,
      edge,
      call.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      Object.fromEntries(methods.map((method) => [method, handler])),
    );
  }
  const files = { GET: answerDownload, HEAD: answerDownload };
  const uploads = { ...files, PUT: answerUpload, POST: answerUpload };
  for (const label of ['', '/:label']) {
    addRoute(app, edge, `/files/:token${label}`, files);
    addRoute(app, edge, `/upload/:token${label}`, uploads);
  }
  for (const page of edge.pages) addPage(app, edge, page);
}

/** The same with and without `/v1`: the on-premise and the hosted form of the API. */
function addRoute(app: FastifyInstance, edge: Edge, path: string, handlers: Handlers): void {
  const methods = [...Object.keys(handlers), 'OPTIONS'].join(', ');
  for (const url of [path, `/v1${path}`]) {
    app.route({
      method: [...routed],
      url,
      async handler(request, reply) {
        if (request.method === 'OPTIONS') return answerPreflight(edge, request, reply);
        const handler = handlers[request.method as keyof Handlers];
        if (handler !== undefined) return handler(edge, request, reply);
        reply.header('allow', methods);
        throw new Failure('methodUnknown', { methods });
      },
    });
  }
}

function refuseWhileStopping(edge: Edge): void {
  if (edge.stopping) throw new Failure('stopping');
}

/** Pages are kept in memory once they were asked for. */
function addPage(app: FastifyInstance, edge: Edge, page: PageFile): void {
  let loaded: Promise<string | Buffer> | undefined;
  const handler: Handler = async (_, request, reply) => {
    loaded ??= page.load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    const headers = {
      'content-type': page.contentType,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    };
    return sendBytes(edge, request, reply, 200, headers, await loaded);
  };
  addRoute(app, edge, page.path, { GET: handler, HEAD: handler });
}
