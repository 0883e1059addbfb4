import { defineCall } from '../call.ts';

/** What every template tells of itself. */
export const templateMembers = {
  id: { type: 'integer' },
  type: {
    enum: ['system', 'user'],
    description: 'Shipped with the product, or brought by who runs the server.',
  },
  title: { type: 'string' },
  description: { type: 'string', description: 'What it is for, and what its data holds.' },
} as const;

export default defineCall({
  path: '/templates/html',
  methods: ['GET'],
  group: 'System',
  title: 'List stored HTML templates',
  about:
    'Those that are shipped, and those that whoever runs the server brought by `octavo templates add`: one of these hides a shipped one of the same id. A job uses a template as it is when the job runs.',
  needsKey: true,
  fields: {},
  answer: {
    type: 'object',
    properties: {
      templates: {
        type: 'array',
        items: { type: 'object', properties: templateMembers, required: Object.keys(templateMembers) },
      },
    },
    required: ['templates'],
  },
  examples: [
    {
      title: 'All of them',
      request: {},
      expect: { templates: [{ id: 1, type: 'system', title: 'Invoice' }] },
    },
  ],
  async handle(_, { templates, tenant }) {
    return { httpStatus: 200, members: { templates: await templates.list('html', tenant) } };
  },
});
