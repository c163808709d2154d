import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { notificationFormats } from '@/server/automation/notifications/registry';
import { triggerTypes } from '@/server/automation/triggers/registry';
import { NOTIFICATION_EVENTS, pipelineDefinitionSchema } from '@/server/domain/pipeline';
import { stageTypes } from '@/server/engine/stages/registry';
import { ROOTS } from '@/server/expressions/environment';
import { pipelineIssues } from '@/server/services/pipelines/validate';
import { strategies } from '@/server/strategies/registry';

/** What PIPELINES.md says must be what the registries hold. */

const text = readFileSync(new URL('../../PIPELINES.md', import.meta.url), 'utf8');
const words = new Set([...text.matchAll(/`([^`\n]+)`/g)].map(([, word]) => word));
const authorable = Object.values(stageTypes).filter((one) => one.authorable);

describe('the reference of pipelines', () => {
  it.each([
    ['stage type', authorable.map(({ type }) => type)],
    ['strategy', Object.keys(strategies)],
    ['trigger', Object.keys(triggerTypes)],
    ['name in expressions', Object.keys(ROOTS).filter((root) => root !== 'variables')],
  ])('knows every %s', (_what, names) => {
    expect(names.filter((name) => !words.has(name))).toEqual([]);
  });

  it('speaks of events and formats that there are', () => {
    const named = [...words].filter((word) =>
      /^(execution|stage|judgment|service)\.[a-z]+$/.test(word ?? ''),
    );
    const known = new Set<string>([...NOTIFICATION_EVENTS, 'artifact.version']);
    expect(named.filter((word) => !known.has(word ?? ''))).toEqual([]);
    expect(Object.keys(notificationFormats)).toHaveLength(2);
  });

  it.each(['canary', 'automatedcanary'] as const)('shows options that %s takes', (kind) => {
    const examples = [...text.matchAll(/```json\n([\s\S]+?)```/g)].map(([, json = '']) => json);
    const example = examples.find((json) => json.includes(`"strategy": "${kind}"`)) ?? '{}';
    const { options } = JSON.parse(example) as { options?: unknown };
    expect(strategies[kind]?.optionsSchema.safeParse(options)).toMatchObject({ success: true });
  });

  it('shows a pipeline that is valid', () => {
    const example = /```json\n([\s\S]+?)```/.exec(text)?.[1] ?? '';
    const definition = pipelineDefinitionSchema.parse(JSON.parse(example));
    const known = {
      application: 'shop',
      environments: ['staging', 'prod'],
      pipelines: ['promote'],
      endpoints: ['chat'],
      sources: [],
      canaryConfigs: [],
      metricsSources: [],
      toggles: {},
      toggleEnvironments: [],
    };
    expect(pipelineIssues(definition, known)).toEqual([]);
  });
});
