import { failures } from '../errors.ts';
import type { Field } from '../operations/fields.ts';
import { jobFields } from '../operations/job-fields.ts';
import type { Operation } from '../operations/operation.ts';
import { everyKeys } from '../operations/profiles.ts';

/** What the document has to know of a call that is answered at once. */
export interface DescribedCall {
  readonly path: string;
  readonly methods: readonly string[];
  readonly group: string;
  readonly title: string;
  readonly about: string;
  readonly fields: Readonly<Record<string, DescribedField>>;
  /** JSON Schema of its good answer. */
  readonly answer: Readonly<Record<string, unknown>>;
  readonly makesJob?: boolean;
}
export type DescribedField = Pick<Field<unknown>, 'about' | 'wire' | 'required'>;
type Fields = Readonly<Record<string, DescribedField>>;
type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document, derived from the operations, the calls and the table of failures. */
export function openApiDocument(parts: {
  readonly operations: Iterable<Operation>;
  readonly calls: readonly DescribedCall[];
  readonly version: string;
}): Json {
  const paths = [
    ...parts.calls.map((call) => [call.path, pathItem(call)] as const),
    ...[...parts.operations].map((operation) => [operation.path, pathItem(asCall(operation))] as const),
  ];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Octavo',
      version: parts.version,
      description:
        'Document API server. Every path works with and without `/v1`, by GET with a query and by POST with JSON, a form or multipart; names of fields match in any letter case.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }, { url: '/v1' }],
    security: [{}, { key: [] }],
    paths: Object.fromEntries(paths.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-api-key' } },
      schemas: {
        Error: errorSchema,
        Done: doneSchema,
        Accepted: acceptedSchema,
        Profile: objectOf(everyKeys),
      },
      parameters: headerParameters,
      responses: { Accepted: acceptedResponse, ...errorResponses() },
    },
  };
}

function asCall(operation: Operation): DescribedCall {
  return {
    ...operation,
    methods: ['GET', 'POST'],
    makesJob: true,
    fields: { ...operation.fields, ...jobFields, profiles: described(operation) },
    answer: { oneOf: [ref('schemas', 'Done'), ref('schemas', 'Accepted')] },
  };
}

/** The field `profiles` of an operation, with the keys that it knows. */
function described({ profiles: keys }: Operation): DescribedField {
  const { profiles } = jobFields;
  const every = ref('schemas', 'Profile');
  const contentSchema = Object.keys(keys).length === 0 ? every : { allOf: [every, objectOf(keys)] };
  return { ...profiles, wire: { ...profiles.wire, contentMediaType: 'application/json', contentSchema } };
}

function pathItem(call: DescribedCall): Json {
  return Object.fromEntries(call.methods.map((method) => [method.toLowerCase(), methodObject(call, method)]));
}

function methodObject(call: DescribedCall, method: string): Json {
  const hasBody = method === 'POST' && Object.keys(call.fields).length > 0;
  return {
    operationId: `${method.toLowerCase()}_${call.path.slice(1).replaceAll(/[^\w]+/g, '_')}`,
    tags: [call.group],
    summary: call.title,
    description: call.about,
    parameters: [...(hasBody ? [] : parameters(call)), ...(call.makesJob ? jobHeaders : [])],
    ...(hasBody ? { requestBody: requestBody(call.fields) } : {}),
    responses: {
      200: { description: 'Done', content: { 'application/json': { schema: call.answer } } },
      ...(call.makesJob ? { 202: ref('responses', 'Accepted') } : {}),
      ...Object.fromEntries(statuses().map((status) => [status, ref('responses', `Error${status}`)])),
    },
  };
}

function parameters({ path, fields }: DescribedCall): Json[] {
  return Object.entries(fields).map(([name, one]) => ({
    name,
    in: path.includes(`{${name}}`) ? 'path' : 'query',
    description: one.about,
    required: one.required,
    schema: one.wire,
  }));
}

function requestBody(fields: Fields): Json {
  const needed = Object.entries(fields).flatMap(([name, one]) => (one.required ? [name] : []));
  const schema = { ...objectOf(fields), required: needed };
  const kinds = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'];
  return { content: Object.fromEntries(kinds.map((kind) => [kind, { schema }])) };
}

function objectOf(fields: Fields): Json {
  const properties = Object.entries(fields).map(
    ([name, one]) => [name, { ...one.wire, description: one.about }] as const,
  );
  return { type: 'object', properties: Object.fromEntries(properties) };
}

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });
const common = { error: { const: false }, status: { const: 200 }, remainingCredits: { type: 'integer' } };
const doneSchema = {
  type: 'object',
  description: 'Answer of a call that was waited for.',
  properties: {
    ...common,
    url: { type: 'string', format: 'uri', description: 'The finished file.' },
    body: { description: 'The result itself in place of `url`, where `inline` asked for it.' },
    name: { type: 'string' },
    pageCount: { type: 'integer' },
    credits: { type: 'integer' },
    duration: { type: 'integer', description: 'Milliseconds.' },
    outputLinkValidTill: { type: 'string', format: 'date-time' },
    warnings: {
      type: 'array',
      items: { type: 'string' },
      description: 'What had to be repaired in the sources, and what of the call was not heeded.',
    },
  },
  required: ['error', 'status', 'url', 'name'],
};
const acceptedSchema = {
  type: 'object',
  description: 'Answer with `async`: ask `/job/check`, then get `url`.',
  properties: {
    ...common,
    status: { enum: [200, 202] },
    jobId: { type: 'string', format: 'uuid' },
    url: {
      type: 'string',
      format: 'uri',
      description: 'Where the result will be once the job is `success`.',
    },
    name: { type: 'string' },
  },
  required: ['error', 'status', 'jobId', 'url', 'name'],
};
const headerParameters = {
  Prefer: {
    name: 'Prefer',
    in: 'header',
    description:
      '`respond-async`: answer 202 at once, with `Location`; `wait=10`: wait no longer than so many seconds; both: answer 202 where the job takes longer than that (RFC 7240).',
    schema: { type: 'string' },
    example: 'respond-async',
  },
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Any text of up to 255 visible characters: the same call with the same key makes one job, and is answered from it for a day. Another call with the key is refused (422).',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
};
const jobHeaders = Object.keys(headerParameters).map((name) => ref('parameters', name));
const acceptedResponse = {
  description: 'Accepted, as `Prefer: respond-async` asks for: `status` is 202.',
  headers: {
    Location: { description: 'The job: `/jobs/ID`.', schema: { type: 'string', format: 'uri' } },
    'Preference-Applied': { schema: { type: 'string' } },
  },
  content: { 'application/json': { schema: ref('schemas', 'Accepted') } },
};
const errorSchema = {
  type: 'object',
  properties: { error: { const: true }, status: { type: 'integer' }, message: { type: 'string' } },
  required: ['error', 'status', 'message'],
};

function statuses(): number[] {
  return [...new Set(Object.values(failures).map((row) => row.status))].toSorted((a, b) => a - b);
}

function errorResponses(): Json {
  const response = (status: number) => ({
    description: Object.values(failures)
      .filter((row) => row.status === status)
      .map((row) => row.about)
      .join(' '),
    content: { 'application/json': { schema: ref('schemas', 'Error') } },
  });
  return Object.fromEntries(statuses().map((status) => [`Error${status}`, response(status)]));
}
