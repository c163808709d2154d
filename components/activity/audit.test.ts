import { describe, expect, it } from 'vitest';
import { auditSubject, differences } from '@/components/activity/audit.view';

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

describe('what a change was about', () => {
  const id = 'ef1146be-d1a3-4561-a534-d479b790c88d';

  it('is an execution one can go to, named by its application and the start of its id', () => {
    expect(auditSubject({ subject: id, application: 'catalog' })).toEqual({
      text: 'catalog · ef1146be',
      href: `/executions/${id}`,
    });
  });

  it('is the gate itself when a gate was decided', () => {
    expect(auditSubject({ subject: `${id}/approve`, application: 'catalog' })).toEqual({
      text: 'catalog · approve · ef1146be',
      href: `/executions/${id}?stage=approve`,
    });
  });

  it('is anything else by its name, without a link', () => {
    expect(auditSubject({ subject: 'catalog 1.2.0', application: null })).toEqual({
      text: 'catalog 1.2.0',
      href: null,
    });
  });
});
