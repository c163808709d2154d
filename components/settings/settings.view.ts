import type { Permission } from '@/server/domain/roles';

/** Permissions as keys of the `settings.permissions` catalogue, where a dot would mean nesting. */
export type PermissionKey = Permission extends infer P extends string
  ? P extends `${infer A}.${infer B}`
    ? `${A}_${B}`
    : P
  : never;

export function permissionKey(permission: Permission): PermissionKey {
  // The template of the type above, which the compiler cannot follow through `replace`.
  return permission.replace('.', '_') as PermissionKey;
}

export interface OptionRow {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly standard: string | null;
  readonly description: string | null;
}

/** The options of a plug-in from its JSON schema, as rows that can be read. */
export function optionRows(schema: unknown): readonly OptionRow[] {
  if (!isRecord(schema) || !isRecord(schema['properties'])) return [];
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(schema['properties']).map(([name, property]) => ({
    name,
    type: typeOf(property),
    required: required.includes(name) && !(isRecord(property) && 'default' in property),
    standard: isRecord(property) && 'default' in property ? JSON.stringify(property['default']) : null,
    description:
      isRecord(property) && typeof property['description'] === 'string' ? property['description'] : null,
  }));
}

function typeOf(property: unknown): string {
  if (!isRecord(property)) return 'any';
  if (Array.isArray(property['enum'])) return property['enum'].map(String).join(' | ');
  if ('const' in property) return String(property['const']);
  const alternatives = property['anyOf'] ?? property['oneOf'];
  if (Array.isArray(alternatives)) return alternatives.map(typeOf).join(' | ');
  if (property['type'] === 'array') return `${typeOf(property['items'])}[]`;
  return typeof property['type'] === 'string' ? property['type'] : 'any';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const USERNAME = /^[a-z0-9][a-z0-9._-]{1,62}$/;

export interface NewPerson {
  readonly username: string;
  readonly displayName: string;
  readonly roles: readonly string[];
}

/** Which fields of a new person cannot be sent as they are. */
export function personProblems(person: NewPerson): ReadonlySet<keyof NewPerson> {
  const problems = new Set<keyof NewPerson>();
  if (!USERNAME.test(person.username)) problems.add('username');
  if (person.displayName.trim() === '') problems.add('displayName');
  if (person.roles.length === 0) problems.add('roles');
  return problems;
}

export const PASSWORD_MIN = 10;

export interface PasswordChange {
  readonly current: string;
  readonly next: string;
  readonly repeat: string;
}

export function passwordProblems(change: PasswordChange): ReadonlySet<'current' | 'next' | 'repeat'> {
  const problems = new Set<'current' | 'next' | 'repeat'>();
  if (change.current === '') problems.add('current');
  if (change.next.length < PASSWORD_MIN) problems.add('next');
  if (change.repeat !== change.next) problems.add('repeat');
  return problems;
}
