import { describe, expect, it } from 'vitest';
import { differences } from '@/components/activity/audit.view';

describe('what an audited change did', () => {
  it('names only the values that changed', () => {
    expect(
      differences({ roles: ['engineer'], name: 'kim' }, { roles: ['engineer', 'admin'], name: 'kim' }),
    ).toEqual([{ path: 'roles', before: 'engineer', after: 'engineer, admin' }]);
  });

  it('shows creation and removal as one-sided', () => {
    expect(differences(null, { a: 1 })).toEqual([{ path: 'a', before: null, after: '1' }]);
    expect(differences({ a: 1 }, null)).toEqual([{ path: 'a', before: '1', after: null }]);
  });

  it('reaches into nested objects and lists of objects', () => {
    expect(differences({ stages: [{ name: 'a' }] }, { stages: [{ name: 'b' }] })).toEqual([
      { path: 'stages.0.name', before: 'a', after: 'b' },
    ]);
  });

  it('says nothing when nothing changed', () => {
    expect(differences({ a: false }, { a: false })).toEqual([]);
    expect(differences(null, undefined)).toEqual([]);
  });
});
