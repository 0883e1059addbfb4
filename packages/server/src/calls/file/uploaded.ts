import { type FileLink, label } from '../../links/links.ts';
import type { CallAnswer, CallTools } from '../call.ts';

/** A file that was stored, and what it is called; the name is hostile text. */
export interface Stored {
  readonly link: FileLink;
  readonly name: string;
}

/** JSON Schema of the answer of every call that stores files. */
export const uploadAnswer = {
  type: 'object',
  properties: {
    error: { const: false },
    status: { const: 200 },
    url: { type: 'string', format: 'uri', description: 'The stored file, as a source for operations.' },
    name: { type: 'string' },
    urls: {
      type: 'array',
      items: { type: 'string', format: 'uri' },
      description: 'All stored files, where several came.',
    },
    remainingCredits: { type: 'integer' },
  },
  required: ['error', 'status', 'url', 'name'],
} as const;

/** What a client hears of files that were stored. */
export function answerStored(tools: CallTools, first: Stored, others: readonly Stored[] = []): CallAnswer {
  const urlOf = ({ link, name }: Stored) =>
    tools.linkTo('files', tools.links.file(link), label(name, 'file'));
  return {
    httpStatus: 200,
    members: {
      url: urlOf(first),
      ...(others.length > 0 ? { urls: [first, ...others].map(urlOf) } : {}),
      name: shownName(first.name) || label(first.name, 'file'),
    },
  };
}

/** The client's own name, in its own script, without folders of either kind. */
export function shownName(name: string): string {
  return (name.split(/[/\\]/).at(-1) ?? '').replaceAll(/\p{Cc}/gu, '').trim();
}
