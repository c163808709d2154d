import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import en from '@/components/i18n/en/settings.json';
import {
  optionRows,
  passwordProblems,
  permissionKey,
  personProblems,
} from '@/components/settings/settings.view';
import { PERMISSIONS } from '@/server/domain/roles';

describe('the options of a plug-in', () => {
  it('are rows with type, default and whether they are needed', () => {
    const schema = z.toJSONSchema(
      z.object({
        environment: z.string(),
        keep: z.number().int().default(2),
        order: z.enum(['parallel', 'sequential']).optional(),
        regions: z.array(z.string()).optional(),
      }),
    );
    expect(optionRows(schema)).toEqual([
      { name: 'environment', type: 'string', required: true, standard: null, description: null },
      { name: 'keep', type: 'integer', required: false, standard: '2', description: null },
      { name: 'order', type: 'parallel | sequential', required: false, standard: null, description: null },
      { name: 'regions', type: 'string[]', required: false, standard: null, description: null },
    ]);
  });

  it('are none for a schema without properties, whatever it is', () => {
    expect(optionRows(null)).toEqual([]);
    expect(optionRows({ type: 'object' })).toEqual([]);
  });
});

describe('permissions', () => {
  it('all have words on the screen', () => {
    const worded: readonly string[] = Object.keys(en.permissions);
    expect(PERMISSIONS.map(permissionKey).filter((key) => !worded.includes(key))).toEqual([]);
  });
});

describe('forms', () => {
  it('a person needs a user name, a name and a role', () => {
    expect(personProblems({ username: 'K', displayName: ' ', roles: [] })).toEqual(
      new Set(['username', 'displayName', 'roles']),
    );
    expect(personProblems({ username: 'kim.lee', displayName: 'Kim', roles: ['admin'] }).size).toBe(0);
  });

  it('a new password is long enough and typed twice alike', () => {
    expect(passwordProblems({ current: 'x', next: 'short', repeat: 'other' })).toEqual(
      new Set(['next', 'repeat']),
    );
    expect(passwordProblems({ current: 'x', next: 'long enough', repeat: 'long enough' }).size).toBe(0);
  });
});
