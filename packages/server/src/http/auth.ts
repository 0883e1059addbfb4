import type { IncomingMessage } from 'node:http';
import type { FieldList } from '../operations/field-list.ts';

/** The API key of a request: the header, or for clients that can set none a field of the query. Empty counts as none. */
export function keyOf(request: IncomingMessage, query: FieldList): string | undefined {
  const header = request.headers['x-api-key'];
  const key =
    typeof header === 'string' && header !== '' ? header : (query.text('x-api-key') ?? query.text('apikey'));
  return key ?? undefined;
}
