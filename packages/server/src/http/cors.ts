import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Edge } from './options.ts';
import { sendEmpty } from './respond.ts';

const methods = 'GET, HEAD, POST, PUT, DELETE, OPTIONS';
const headersUsual = 'x-api-key, content-type';
const dayS = 86_400;

/**
 * Answers a preflight, for every path and without a key: browsers send none with it. Any page may call, also one that was
 * opened from a file (`Origin: null`): proof is the key, and there are no cookies that a foreign page could use.
 */
export function answerPreflight(edge: Edge, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const asked = request.headers['access-control-request-headers'] ?? '';
  return sendEmpty(edge, request, reply, 204, {
    'access-control-allow-methods': methods,
    'access-control-allow-headers': /^[\w-]+(?:\s*,\s*[\w-]+)*$/.test(asked) ? asked : headersUsual,
    'access-control-max-age': String(dayS),
    allow: methods,
  });
}
