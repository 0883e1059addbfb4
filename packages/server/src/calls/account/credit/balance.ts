import { defineCall } from '../../call.ts';

/** What is left stands in every answer: this one has nothing else. */
export default defineCall({
  path: '/account/credit/balance',
  methods: ['GET'],
  group: 'System',
  title: 'Credits left',
  about:
    'How many more jobs of this key would be accepted: each that succeeds costs one credit. A key without a limit reads 1000000, whatever it does.',
  needsKey: true,
  fields: {},
  answer: {
    type: 'object',
    properties: { remainingCredits: { type: 'integer' } },
    required: ['remainingCredits'],
  },
  examples: [{ title: 'What is left?', request: {}, expect: { remainingCredits: 1_000_000 } }],
  handle: async () => ({ httpStatus: 200, members: {} }),
});
