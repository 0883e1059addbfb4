import { defineCall } from './call.ts';

/** Which server this is. */
export default defineCall({
  path: '/version',
  methods: ['GET'],
  group: 'System',
  title: 'Version',
  about: 'Name and version of this server.',
  needsKey: false,
  fields: {},
  answer: {
    type: 'object',
    properties: { name: { const: 'octavo' }, version: { type: 'string' } },
  },
  examples: [{ title: 'Which server is this?', request: {}, expect: { name: 'octavo' } }],
  async handle(_, tools) {
    return { httpStatus: 200, members: { name: 'octavo', version: tools.version } };
  },
});
