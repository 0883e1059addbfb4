import { deliveryStates } from '../../jobs/records.ts';
import { field } from '../../operations/fields.ts';
import { defineCall } from '../call.ts';

/** For operators: what is on its way to callbacks, and what was given up. */
export default defineCall({
  path: '/admin/deliveries',
  methods: ['GET'],
  group: 'Administration',
  title: 'Callbacks that were not heard yet',
  about:
    'Of all keys, the oldest first: those that wait, are being sent, or were given up (`failed`). Needs a key made by `octavo keys create --admin`, also where other calls need none.',
  needsKey: 'admin',
  fields: {
    state: field.choice('Only those of this state.', ['all', ...deliveryStates], 'all'),
    limit: field.integer('How many at most.', { min: 1, max: 1_000, absent: 100 }),
    after: field.integer('What the page before answered as `next`.', {
      min: 0,
      max: Number.MAX_SAFE_INTEGER,
      absent: 0,
    }),
  },
  answer: {
    type: 'object',
    properties: {
      deliveries: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            id: {
              type: 'string',
              format: 'uuid',
              description: 'The `jobId` of its job, and the header `webhook-id`.',
            },
            tenant: { type: 'integer', description: 'Number of the key; 0 for calls without one.' },
            state: { enum: deliveryStates },
            host: { type: 'string', description: 'Of the link, whose rest is not shown.' },
            attempts: { type: 'integer' },
            createdAt: { type: 'string', format: 'date-time' },
            triedAt: { type: 'string', format: 'date-time', description: 'End of the last attempt.' },
            status: { type: 'integer', description: 'HTTP status of the last answer.' },
            reason: { type: 'string', description: 'Why there was no answer.' },
            nextAt: { type: 'string', format: 'date-time', description: 'Of one that waits.' },
          },
          required: ['id', 'tenant', 'state', 'host', 'attempts', 'createdAt'],
        },
      },
      next: { type: 'integer', description: 'Where the next page begins. Absent on the last.' },
    },
    required: ['deliveries'],
  },
  examples: [{ title: 'What was given up', request: { state: 'failed' }, expect: { deliveries: [] } }],
  async handle({ state, limit, after }, { deliveries }) {
    const { records, next } = await deliveries.list({
      state: state === 'all' ? undefined : state,
      limit,
      after,
    });
    return { httpStatus: 200, members: { deliveries: records, next } };
  },
});
