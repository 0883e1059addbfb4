import type { Database } from '../database/database.ts';
import { builtIn } from './built-in.ts';

/** What templates are of: `html` become pages. */
export type TemplateKind = 'html';

/** What lists tell of a template. */
export interface TemplateHead {
  /** Unique among those of its kind. */
  readonly id: number;
  /** `system`: shipped with the product; `user`: brought by who runs it. */
  readonly type: 'system' | 'user';
  readonly title: string;
  readonly description: string;
}

export interface Template extends TemplateHead {
  readonly body: string;
}

/** What a client may ask: of its own templates and those that are for all. Throws the Failure `databaseDown`. */
export interface TemplateReader {
  /** By their ids. */
  list(kind: TemplateKind, tenant: number): Promise<TemplateHead[]>;
  /** As it is now; null where there is none. */
  find(kind: TemplateKind, id: number, tenant: number): Promise<Template | null>;
}

/** Templates of all servers of one database, and those that are shipped: one of the operator's hides one of these with the same id. */
export interface Templates extends TemplateReader {
  /** Stores one for all tenants. Without an id it gets the next free one from 1001 on; with one it takes the place of what has it. */
  add(kind: TemplateKind, template: NewTemplate): Promise<{ readonly id: number; readonly isNew: boolean }>;
  /** False where the operator brought none of this id; those that are shipped stay. */
  remove(kind: TemplateKind, id: number): Promise<boolean>;
}

export interface NewTemplate {
  readonly id?: number | undefined;
  readonly title: string;
  readonly description: string;
  readonly body: string;
}

/** Bytes of a body in UTF-8. */
export const templateBytesMax = 1024 * 1024;
export const templateIdMax = 2_147_483_647;

export function createTemplates(database: Database): Templates {
  return {
    async list(kind, tenant) {
      const own = await database.query<Omit<TemplateHead, 'type'>>(
        `SELECT id, title, description FROM octavo.template WHERE kind = $1 AND ${isFor('$2')}`,
        [kind, tenant],
      );
      const heads = new Map(builtIn[kind].map((shipped) => [shipped.id, asHead('system', shipped)]));
      for (const one of own) heads.set(one.id, asHead('user', one));
      return [...heads.values()].toSorted((a, b) => a.id - b.id);
    },
    async find(kind, id, tenant) {
      const [own] = await database.query<Omit<Template, 'type'>>(
        `SELECT id, title, description, body FROM octavo.template WHERE kind = $1 AND id = $2 AND ${isFor('$3')}`,
        [kind, id, tenant],
      );
      if (own !== undefined) return { ...asHead('user', own), body: own.body };
      const shipped = builtIn[kind].find((one) => one.id === id);
      return shipped === undefined ? null : { ...asHead('system', shipped), body: shipped.body };
    },
    async add(kind, { id, title, description, body }) {
      if (id === undefined)
        return { id: await insertNext(database, [kind, title, description, body]), isNew: true };
      const [row] = await database.query<{ is_new: boolean }>(
        `INSERT INTO octavo.template (kind, id, title, description, body) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (kind, id) DO UPDATE SET title = $3, description = $4, body = $5, created_at = now()
         RETURNING xmax = 0 AS is_new`,
        [kind, id, title, description, body],
      );
      return { id, isNew: row?.is_new ?? true };
    },
    async remove(kind, id) {
      const rows = await database.query(
        'DELETE FROM octavo.template WHERE kind = $1 AND id = $2 RETURNING id',
        [kind, id],
      );
      return rows.length > 0;
    },
  };
}

/** An id that somebody chose is passed over; one that was removed does not come again. */
async function insertNext(database: Database, values: readonly string[]): Promise<number> {
  for (;;) {
    const [row] = await database.query<{ id: number }>(
      `INSERT INTO octavo.template (kind, id, title, description, body)
       VALUES ($1, nextval('octavo.template_id')::integer, $2, $3, $4) ON CONFLICT (kind, id) DO NOTHING RETURNING id`,
      values,
    );
    if (row !== undefined) return row.id;
  }
}

/** The ids that there are, for the end of a sentence. */
export function idsText(heads: readonly TemplateHead[]): string {
  const ids = heads.slice(0, idsShownMax).map(({ id }) => id);
  const more = heads.length - ids.length;
  return `${ids.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const idsShownMax = 50;

function isFor(tenant: string): string {
  return `(tenant IS NULL OR tenant = ${tenant})`;
}

function asHead(
  type: TemplateHead['type'],
  { id, title, description }: Omit<TemplateHead, 'type'>,
): TemplateHead {
  return { id, type, title, description };
}
