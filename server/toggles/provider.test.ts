import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FlagdProvider } from '@openfeature/flagd-provider';
import { type Client, OpenFeature } from '@openfeature/server-sdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Segment } from '@/server/domain/toggles';
import { compileEnvironment } from '@/server/toggles/environment/compile-environment';
import { compile, evaluate } from '@/server/toggles/evaluate';
import { targetingKeys, toggleOf } from '@/server/toggles/testing/flags';

/**
 * flagd's own provider from the package registry, in-process, with the very file that it would fetch from us: what it
 * answers through the SDK and what is answered here must be one and the same.
 */
const segments: Segment[] = [
  { key: 'outside', name: 'Outside', description: '', condition: { '!': [{ $ref: 'staff' }] } },
  {
    key: 'staff',
    name: 'Staff',
    description: '',
    condition: { ends_with: [{ var: 'email' }, '@corp.test'] },
  },
];
const split = (on: number) => ({
  fractional: [
    ['on', on],
    ['off', 100 - on],
  ],
});
const toggles = [
  toggleOf('ten-percent', { targeting: split(10) }),
  toggleOf('staff-first', { targeting: { if: [{ $ref: 'staff' }, 'on', split(25)] } }),
  toggleOf('needs-both', {
    defaultVariant: 'on',
    prerequisites: [
      { toggle: 'staff-first', variants: ['on'] },
      { toggle: 'needs-outside', variants: ['on'] },
    ],
  }),
  toggleOf('needs-outside', {
    prerequisites: [{ toggle: 'half', variants: ['on'] }],
    targeting: { if: [{ $ref: 'outside' }, split(90), 'off'] },
  }),
  toggleOf('half', { targeting: split(50) }),
  toggleOf('off', { on: false, defaultVariant: 'on' }),
  toggleOf('code', { on: false, offVariant: null }),
];
const { file } = compileEnvironment({
  environment: 'prod',
  toggles,
  segments,
  facts: { versions: {} },
  now: new Date(),
  metadata: { flagSetId: 'shop-prod', version: '7' },
});
const set = compile(file);

let folder: string;
let client: Client;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'toggles-'));
  const source = path.join(folder, 'flags.json');
  writeFileSync(source, JSON.stringify(file));
  const provider = new FlagdProvider({ resolverType: 'in-process', offlineFlagSourcePath: source });
  await OpenFeature.setProviderAndWait('toggles', provider);
  client = OpenFeature.getClient('toggles');
});

afterAll(async () => {
  await OpenFeature.close();
  rmSync(folder, { recursive: true, force: true });
});

it('assigns twenty thousand keys as the in-process provider of flagd does', async () => {
  const counts = new Map<string, number>();
  for (const [index, targetingKey] of targetingKeys(20_000).entries()) {
    const context = { targetingKey, email: index % 5 === 0 ? `${index}@corp.test` : `${index}@other.test` };
    for (const { key } of toggles) {
      const theirs = await client.getBooleanDetails(key, false, context);
      const ours = evaluate(set, key, context, 'boolean');
      if (theirs.variant !== ours.variant || theirs.reason !== ours.reason) {
        expect([key, context, ours.variant, ours.reason]).toEqual([
          key,
          context,
          theirs.variant,
          theirs.reason,
        ]);
      }
      if (ours.variant === 'on') counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const shares = Object.fromEntries([...counts].map(([key, count]) => [key, Math.round(count / 200)]));
  expect(shares).toEqual({
    'ten-percent': 10,
    'staff-first': 40,
    'needs-both': 9,
    'needs-outside': 36,
    half: 50,
  });
}, 60_000);

it('hands on the same metadata', async () => {
  const theirs = await client.getBooleanDetails('half', false, { targetingKey: 'u' });
  expect(theirs.flagMetadata).toEqual(evaluate(set, 'half', { targetingKey: 'u' }).metadata);
});
