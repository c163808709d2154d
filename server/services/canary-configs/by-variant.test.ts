import { expect, it } from 'vitest';
import { canaryConfigSchema } from '@/server/domain/canary';
import { isSplitByVariant } from '@/server/services/canary-configs/by-variant';

const config = (queries: object[], templates: Record<string, string> = {}) =>
  canaryConfigSchema.parse({
    name: 'test',
    templates,
    metrics: queries.map((query, at) => ({ name: `m${at}`, query: { type: 'prometheus', ...query } })),
  });
const groups = { customInlineTemplate: 'PromQL:up{group="${scope}"}' };
const variants = { customInlineTemplate: 'PromQL:up{feature="${ toggle }",variant="${scope}"}' };

it('tells variants apart when all its queries ask for the toggle, also by a template and as Kayenta keeps it', () => {
  expect(isSplitByVariant(config([variants]))).toBe(true);
  expect(isSplitByVariant(config([{ customInlineTemplate: 'PromQL:up{feature="$\\{toggle}"}' }]))).toBe(true);
  const named = [{ customFilterTemplate: 'mine' }];
  expect(isSplitByVariant(config(named, { mine: 'PromQL:up{feature="${toggle}"}' }))).toBe(true);
  expect(isSplitByVariant(config(named))).toBe(false);
});

it('does not when one of them compares server groups', () => {
  expect(isSplitByVariant(config([groups]))).toBe(false);
  expect(isSplitByVariant(config([variants, groups]))).toBe(false);
});
