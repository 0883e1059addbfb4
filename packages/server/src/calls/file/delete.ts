import { Failure } from '../../errors.ts';
import { type FileLink, tokenOf } from '../../links/links.ts';
import { field, type Source } from '../../operations/fields.ts';
import { type CallTools, defineCall } from '../call.ts';

export default defineCall({
  path: '/file/delete',
  methods: ['POST'],
  group: 'Files',
  title: 'Delete stored files',
  about:
    'Uploads and results, by any of their links: at once these stand for nothing, and the bytes are gone; a job that was accepted before still gets them. Only the owner of a file can delete it.',
  needsKey: true,
  fields: {
    url: field.sources('Links to the files, separated by commas. Several clients call this field `file`.'),
  },
  answer: {
    type: 'object',
    properties: {
      error: { const: false },
      status: { const: 200 },
      remainingCredits: { type: 'integer' },
    },
    required: ['error', 'status'],
  },
  examples: [{ title: 'An uploaded file', request: { url: 'sample:one-page.pdf' }, expect: { status: 200 } }],
  async handle({ url: sources }, tools) {
    // All of them or none: what is not known is found before anything is gone.
    const links = sources.map((source) => ownLink(source, tools));
    for (const link of links) if (!(await tools.files.has(link))) throw unknown();
    for (const link of links) await tools.files.delete(link);
    return { httpStatus: 200, members: {} };
  },
});

/** Throws for a file of somebody else too: who asks must not learn that there is one. */
function ownLink(source: Source, { links, tenant }: CallTools): FileLink {
  const token = source.kind === 'part' ? source.token : tokenOf(source.link);
  const link = token === null ? null : links.read(token);
  if (link === null || link.tenant !== tenant) throw unknown();
  return link;
}

function unknown(): Failure {
  return new Failure('linkUnknown', { field: 'url' });
}
