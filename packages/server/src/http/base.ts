import type { IncomingMessage } from 'node:http';
import type { Edge } from './options.ts';

const hostForm = /^(?:[\w.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * Base of the links in an answer: the scheme and host by which the request came, since Node's `https.get` throws on an `http:`
 * link and a certificate is made for one name. A host that could break a link counts as none.
 */
export function baseOf(edge: Edge, request: IncomingMessage): string {
  const { publicUrl, tls } = edge.settings;
  if (publicUrl) return publicUrl.replace(/\/+$/, '');
  const host = request.headers.host ?? '';
  return `${tls === undefined ? 'http' : 'https'}://${hostForm.test(host) ? host : localHost(request)}`;
}

function localHost({ socket }: IncomingMessage): string {
  const { localAddress = 'localhost', localPort } = socket;
  const host = localAddress.includes(':') ? `[${localAddress}]` : localAddress;
  return localPort === undefined ? host : `${host}:${localPort}`;
}
