import { expect, it } from 'vitest';
import { exportFlags, importFlags } from '@/server/toggles/flagd-file';
import { toggleOf } from '@/server/toggles/testing/flags';

const FILE = {
  $schema: 'https://flagd.dev/schema/v0/flags.json',
  metadata: { flagSetId: 'shop' },
  $evaluators: { staff: { ends_with: [{ var: 'email' }, '@corp.test'] } },
  flags: {
    title: {
      state: 'ENABLED',
      variants: { a: 'Hello', b: 'Good day' },
      defaultVariant: 'a',
      targeting: { if: [{ $ref: 'staff' }, 'b', null] },
      metadata: { owner: 'web', description: 'What the page begins with', name: 'Title', since: 3 },
    },
    off: { state: 'DISABLED', variants: { on: true }, defaultVariant: null },
  },
};

it('a file comes back as it was', () => {
  const { toggles, segments } = importFlags(FILE, 'prod');
  expect(exportFlags(toggles, segments, 'prod', FILE.metadata)).toEqual({ file: FILE, omitted: [] });
  expect(toggles.map(({ name, description, owner }) => [name, description, owner])).toEqual([
    ['Title', 'What the page begins with', 'web'],
    ['off', '', null],
  ]);
  expect(exportFlags(toggles, [], 'staging').file.flags).toEqual({});
});

it('the list of flags that only the daemon reads is taken as well', () => {
  const flags = Object.entries(FILE.flags).map(([key, flag]) => ({ key, ...flag }));
  expect(importFlags({ ...FILE, flags }, 'prod')).toEqual(importFlags(FILE, 'prod'));
  const nameless = importFlags({ flags: [{ state: 'ENABLED' }] }, 'prod');
  expect(nameless).toMatchObject({ toggles: [], refused: [{ key: '[0]', issues: [{ path: 'flags.[0]' }] }] });
  for (const content of [null, 5, {}, { flags: 5 }])
    expect(() => importFlags(content, 'prod')).toThrow('cannot be used');
});

it('what flagd has no words for is named when it is left out', () => {
  const toggle = toggleOf('a', {
    prerequisites: [{ toggle: 'b', variants: ['on'] }],
    versionRequirement: { application: 'shop', minimum: '1.0.0' },
    schedule: [{ at: '2026-12-01T00:00:00Z', timeZone: 'UTC', set: { on: false } }],
  });
  expect(exportFlags([toggle, toggleOf('b', { offVariant: null })], [], 'prod').omitted).toEqual([
    { key: 'a', fields: ['offVariant', 'prerequisites', 'versionRequirement', 'schedule'] },
  ]);
});
