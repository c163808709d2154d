import { expect, it } from 'vitest';
import { z } from 'zod';
import { MESSAGES } from '@/components/i18n/messages';
import {
  accountDraft,
  isAccountNameBad,
  missingSettings,
  overlappingPairs,
  settingsOf,
  withProvider,
  wrongPlaces,
} from '@/components/settings/accounts.view';
import { providers } from '@/server/providers/registry';

const schema = {
  type: 'object',
  properties: {
    inCluster: { type: 'boolean', const: true },
    verbose: { type: 'boolean' },
    namespaces: { type: 'array', items: { type: 'string' } },
  },
  required: ['namespaces'],
};
const draft = {
  name: 'edge',
  provider: 'kubernetes',
  config: { inCluster: false, verbose: false, namespaces: [] },
};

it('leaves out a switch that can only be on', () => {
  expect(settingsOf(draft, schema)).toEqual({ verbose: false, namespaces: [] });
  expect(settingsOf({ ...draft, config: { inCluster: true } }, schema)).toEqual({ inCluster: true });
});

it('misses a needed list that is empty', () => {
  expect(missingSettings(draft, schema)).toEqual(['namespaces']);
  expect(missingSettings({ ...draft, config: { namespaces: ['shop'] } }, schema)).toEqual([]);
});

it('names each wrong field once, as the form has them, and says what is wrong beside them', () => {
  const issues = ['config.namespaces.0', 'config.namespaces', 'config.verbose', 'config'].map((path) => ({
    path,
    message: `${path} is wrong`,
  }));
  expect(wrongPlaces(issues, schema)).toEqual({
    fields: ['verbose', 'namespaces'],
    others: ['config is wrong'],
  });
  expect(wrongPlaces([], schema)).toEqual({ fields: [], others: [] });
});

it('forgets settings with the platform, and keeps them without', () => {
  expect(withProvider(draft, 'local').config).toEqual({});
  expect(withProvider(draft, 'kubernetes')).toBe(draft);
  expect(accountDraft(null, 'local')).toEqual({ name: '', provider: 'local', config: {} });
});

it('takes the names that accounts may have', () => {
  expect(['edge', 'eu-1'].map(isAccountNameBad)).toEqual([false, false]);
  expect(['', 'Edge', '-a', 'a b'].map(isAccountNameBad)).toEqual([true, true, true, true]);
});

it('has a word for every setting of every platform in every language', () => {
  for (const { editor } of Object.values(MESSAGES)) {
    const words = new Set(Object.keys(editor.fields));
    for (const { configSchema } of Object.values(providers)) {
      const { properties = {} } = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
      expect(Object.keys(properties).filter((name) => !words.has(`account_${name}`))).toEqual([]);
    }
  }
});

it('names two accounts that show the same once, with all their regions', () => {
  const pair = ['a', 'b'] as const;
  expect(
    overlappingPairs([
      { accounts: pair, region: 'eu' },
      { accounts: pair, region: 'us' },
      { accounts: ['a', 'c'], region: 'eu' },
    ]),
  ).toEqual([
    { one: 'a', other: 'b', regions: ['eu', 'us'] },
    { one: 'a', other: 'c', regions: ['eu'] },
  ]);
});
