/** What a reader lets those do who open a document with the user password (ISO 32000-2, table 22). */
export interface Permissions {
  /** Print, at whatever quality. */
  readonly print: boolean;
  /** Print in full quality; means nothing without `print`. */
  readonly printHighQuality: boolean;
  /** Change the content by other means than those below. */
  readonly modify: boolean;
  /** Copy text and pictures. */
  readonly extract: boolean;
  /** Add and change annotations, and fill in form fields. */
  readonly annotate: boolean;
  /** Fill in form fields, and sign. */
  readonly fillForms: boolean;
  /** Read out by screen readers. Readers of PDF 2.0 always allow it. */
  readonly accessibility: boolean;
  /** Insert, turn and delete pages, make outlines and thumbnails. */
  readonly assemble: boolean;
}

/** The value of the bit of each permission. */
const bits: { readonly [Name in keyof Permissions]: number } = {
  print: 1 << 2,
  modify: 1 << 3,
  extract: 1 << 4,
  annotate: 1 << 5,
  fillForms: 1 << 8,
  accessibility: 1 << 9,
  assemble: 1 << 10,
  printHighQuality: 1 << 11,
};

/** Every permission. */
export const everyPermission: Permissions = {
  print: true,
  printHighQuality: true,
  modify: true,
  extract: true,
  annotate: true,
  fillForms: true,
  accessibility: true,
  assemble: true,
};

/** Permissions that revision 2 does not know, with the one that each goes with there. */
const impliedInRevision2 = [
  ['printHighQuality', 'print'],
  ['assemble', 'modify'],
  ['accessibility', 'extract'],
  ['fillForms', 'annotate'],
] as const;

/** The value of /P as a signed number: the two lowest bits 0, all others 1 but those of what is not allowed. */
export function permissionBits(permissions: Permissions, r: number): number {
  let value = -4;
  for (const [name, bit] of Object.entries(bits)) if (!permissions[name as keyof Permissions]) value &= ~bit;
  // Bits 7 to 32 are reserved in revision 2, and 1.
  return r === 2 ? value | ~0x3f : value;
}

/** The permissions that a value of /P stands for. */
export function permissionsOf(value: number, r: number): Permissions {
  const has = (name: keyof Permissions): boolean => (value & bits[name]) !== 0;
  const names = Object.keys(bits) as (keyof Permissions)[];
  const permissions = Object.fromEntries(names.map((name) => [name, has(name)])) as unknown as Permissions;
  if (r > 2) return permissions;
  const implied = impliedInRevision2.map(([name, other]) => [name, has(other)]);
  return { ...permissions, ...(Object.fromEntries(implied) as Partial<Permissions>) };
}
