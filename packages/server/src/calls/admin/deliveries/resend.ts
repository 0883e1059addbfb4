import { Failure } from '../../../errors.ts';
import { field } from '../../../operations/fields.ts';
import { defineCall } from '../../call.ts';

const expected = 'the id of a delivery, or failed=true for all that were given up';

/** For operators: sends callbacks now, with all their attempts before them. */
export default defineCall({
  path: '/admin/deliveries/resend',
  methods: ['POST'],
  group: 'Administration',
  title: 'Send callbacks again',
  about:
    'Sends one callback, or all that were given up, now and with all attempts before it. Needs a key made by `octavo keys create --admin`, also where other calls need none.',
  needsKey: 'admin',
  fields: {
    id: { ...field.text('The `id` that `/admin/deliveries` answered.'), expected },
    failed: field.boolean('All that were given up, in place of `id`.', false),
  },
  answer: {
    type: 'object',
    properties: { resent: { type: 'integer', description: 'How many.' } },
    required: ['resent'],
  },
  examples: [{ title: 'All that were given up', request: { failed: 'true' }, expect: { resent: 0 } }],
  async handle({ id, failed }, { deliveries }) {
    if (failed) return { httpStatus: 200, members: { resent: await deliveries.resendFailed() } };
    if (id === '') throw new Failure('fieldMissing', { field: 'id', expected });
    if (!(await deliveries.resend(id))) throw new Failure('deliveryUnknown');
    return { httpStatus: 200, members: { resent: 1 } };
  },
});
