import { type RawFields, UploadedPart } from '../../src/operations/fields.ts';
import type { Operation } from '../../src/operations/operation.ts';

/** An operation that keeps what it was called with: the fields as the edge has read them. */
export interface Echo {
  readonly operation: Operation;
  /** Fields of the last call; a part is `{ part: name, token }`. */
  last(): Readonly<Record<string, readonly unknown[]>>;
}

/** Makes one at `/echo`. */
export function createEcho(): Echo {
  let fields: RawFields = new Map();
  return {
    operation: {
      path: '/echo',
      group: 'Test',
      title: 'Echo',
      about: 'Keeps its fields.',
      makes: 'pdf',
      answers: 'url',
      shapeOf: () => ({ makes: 'pdf', answers: 'url' }),
      fields: {},
      profiles: {},
      examples: [],
      parse(raw) {
        fields = raw;
        return {
          own: {},
          job: {
            async: true,
            name: '',
            password: '',
            expiration: 60,
            callback: '',
            httpusername: '',
            httppassword: '',
          },
        };
      },
      sources: () => [],
      run: () => Promise.reject(new Error('never run')),
    },
    last: () =>
      Object.fromEntries(
        [...fields].map(([name, values]) => [
          name,
          values.map((value) =>
            value instanceof UploadedPart ? { part: value.name, token: value.token } : value,
          ),
        ]),
      ),
  };
}
