import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MESSAGES } from '@/components/i18n/messages';
import {
  addressOf,
  draftOf,
  isNameBad,
  issuesOf,
  missingFields,
  withKind,
  withSecret,
} from '@/components/settings/metrics-sources.view';
import { metricsSources } from '@/server/metrics/registry';

const source = {
  name: 'main',
  kind: 'prometheus',
  label: 'Prometheus',
  config: { url: 'https://prometheus.example' },
  secrets: ['tokenSecret'],
  usedBy: 1,
  updatedAt: '2026-11-21T10:00:00Z',
  updatedBy: 'kim',
};

describe('the form of a metrics source', () => {
  it('begins without the secrets that are set, so that leaving them alone keeps them', () => {
    expect(draftOf(source, 'local')).toEqual({
      name: 'main',
      kind: 'prometheus',
      config: source.config,
      secrets: {},
    });
  });

  it('tells a secret that was typed from one that is taken away and one that was left alone', () => {
    const typed = withSecret(draftOf(source, ''), 'tokenSecret', 'x');
    expect(typed.secrets).toEqual({ tokenSecret: 'x' });
    expect(withSecret(typed, 'tokenSecret', '').secrets).toEqual({});
    expect(withSecret(typed, 'tokenSecret', null).secrets).toEqual({ tokenSecret: null });
  });

  it('forgets what was said for another kind', () => {
    const draft = withSecret(draftOf(source, ''), 'tokenSecret', 'x');
    expect(withKind(draft, 'local')).toMatchObject({ kind: 'local', config: {}, secrets: {} });
    expect(withKind(draft, 'prometheus')).toBe(draft);
  });

  it('asks first for what its kind cannot do without', () => {
    const schema = z.toJSONSchema(metricsSources.prometheus.configSchema, { io: 'input' });
    expect(missingFields(draftOf(null, 'prometheus'), schema)).toEqual(['url']);
    expect(missingFields(draftOf(source, ''), schema)).toEqual([]);
  });

  it('has a word for every setting and every query field in every language', () => {
    for (const { editor } of Object.values(MESSAGES)) {
      const words = new Set(Object.keys(editor.fields));
      for (const { configSchema, querySchema } of Object.values(metricsSources)) {
        const named = (schema: z.ZodType, within: string) =>
          Object.keys(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties ?? {})
            .filter((name) => name !== 'type' && !words.has(`${within}_${name}`))
            .map((name) => `${within}_${name}`);
        expect([...named(configSchema, 'metricsSource'), ...named(querySchema, 'query')]).toEqual([]);
      }
    }
  });

  it('takes only names that addresses can hold', () => {
    expect(['main', 'prod.eu-1', '', 'Main', 'a b'].map(isNameBad)).toEqual([false, false, true, true, true]);
  });
});

describe('a metrics source', () => {
  it('is at its address, or at what stands for one', () => {
    expect(addressOf(source)).toBe('https://prometheus.example');
    expect(addressOf({ config: { endpointFile: 'cloud.json' } })).toBe('cloud.json');
    expect(addressOf({ config: {} })).toBeNull();
  });
});

describe('a refusal', () => {
  it('names the fields that it is about, when it does', () => {
    const issues = [{ path: 'config.url', message: 'must end with the path' }];
    expect(issuesOf({ data: { details: { issues } } })).toEqual(issues);
    expect(issuesOf(new Error('no answer'))).toEqual([]);
  });
});
