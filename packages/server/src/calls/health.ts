import { defineCall } from './call.ts';

/** For load balancers and for people: 200 where the server takes work, else 503. */
export default defineCall({
  path: '/health',
  methods: ['GET'],
  group: 'System',
  title: 'Health',
  about: 'Whether the server takes work, and the state of its parts. 200 or 503.',
  needsKey: false,
  fields: {},
  answer: { type: 'object', properties: { error: { type: 'boolean' }, status: { type: 'integer' } } },
  examples: [{ title: 'Is it up?', request: {}, expect: { ready: true } }],
  async handle(_, tools) {
    const { ready, details } = await tools.health();
    return { httpStatus: ready ? 200 : 503, members: { ...details, ready } };
  },
});
