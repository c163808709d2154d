import { describe, expect, it } from 'vitest';
import { contextOf } from '@/components/features/context.view';
import { countBars, countTotals } from '@/components/features/counts.view';
import {
  canComeOn,
  type FeatureFilter,
  filterFeatures,
  proposedKey,
  readTags,
  readVariantValue,
  shareText,
  variantColours,
} from '@/components/features/features.view';
import type { ToggleSummary } from '@/server/domain/views/toggles';

function feature(part: Partial<ToggleSummary>): ToggleSummary {
  return {
    key: 'price-badge',
    application: 'catalog',
    name: 'Price badge',
    description: 'Shows when a price fell',
    kind: 'release',
    valueType: 'boolean',
    tags: ['shop'],
    owner: 'Ann',
    expiresAt: null,
    archivedAt: null,
    revision: 1,
    updatedAt: '2026-11-21T10:00:00.000Z',
    updatedBy: 'Ann',
    environments: [],
    stale: [],
    ...part,
  };
}

const ALL: FeatureFilter = { text: '', application: '', kind: '', tag: '', stale: false };

it.each([
  ['it is on', { on: true }, true],
  ['a change waits for approval', { openRequest: 'an id' }, true],
  ['a ramp is under way', { underway: [{ executionId: 'an id', pipeline: 'ramp' }] }, true],
  ['something is scheduled', { definition: { schedule: [{ at: '2030', timeZone: 'UTC', set: {} }] } }, true],
  ['it is off for good', {}, false],
])('can be killed when %s', (_name, more, expected) => {
  const off = { on: false, openRequest: null, underway: [], definition: { schedule: [] } };
  expect(canComeOn({ ...off, ...more })).toBe(expected);
});

describe('the filter', () => {
  const features = [
    feature({}),
    feature({ key: 'new-cart', name: 'New cart', description: '', application: null, tags: [] }),
  ];
  const keys = (filter: Partial<FeatureFilter>) =>
    filterFeatures(features, { ...ALL, ...filter }).map(({ key }) => key);
  it('wants every word, wherever it stands', () => {
    expect(keys({ text: 'price shop' })).toEqual(['price-badge']);
    expect(keys({ text: 'price cart' })).toEqual([]);
  });
  it('narrows by application, tag and what is to be cleaned up', () => {
    expect(keys({ application: 'catalog' })).toEqual(['price-badge']);
    expect(keys({ tag: 'shop' })).toEqual(['price-badge']);
    expect(keys({ stale: true })).toEqual([]);
  });
});

it('a name proposes a key of plain letters', () => {
  expect(proposedKey('  New Café badge! ')).toBe('new-cafe-badge');
  expect(proposedKey('가격')).toBe('');
});

it('tags are read once each', () => {
  expect(readTags('shop, , beta,shop')).toEqual(['shop', 'beta']);
});

it('a value of a variant must be of the type', () => {
  expect(readVariantValue('boolean', 'true')).toBe(true);
  expect(readVariantValue('boolean', '"true"')).toBeUndefined();
  expect(readVariantValue('number', '1.5')).toBe(1.5);
  expect(readVariantValue('object', '[1]')).toBeUndefined();
  expect(readVariantValue('string', '[1]')).toBe('[1]');
});

it('variants have colours of their own, and off is grey', () => {
  const colours = variantColours(['blue', 'off', 'green', null]);
  expect(new Set([colours.get('blue'), colours.get('green')]).size).toBe(2);
  expect(colours.get('off')).toBe(colours.get(null));
});

it('attributes become the context that an application would send', () => {
  const attributes = [
    { id: 0, name: 'company.plan', text: 'pro' },
    { id: 1, name: 'company.seats', text: '5' },
    { id: 2, name: 'left-out', text: '' },
    { id: 3, name: '__proto__.x', text: 'y' },
  ];
  expect(contextOf(' ann ', attributes)).toEqual({
    targetingKey: 'ann',
    company: { plan: 'pro', seats: 5 },
  });
});

describe('counts', () => {
  const counts = {
    from: '2026-11-21T00:00:00.000Z',
    to: '2026-11-21T06:00:00.000Z',
    total: 6,
    lastEvaluatedAt: null,
    hours: [
      { hour: '2026-11-21T00:00:00.000Z', variant: 'on', count: 1 },
      { hour: '2026-11-21T01:00:00.000Z', variant: 'on', count: 2 },
      { hour: '2026-11-21T05:00:00.000Z', variant: null, count: 3 },
    ],
  };
  it('fill bars without leaving out the empty ones', () => {
    expect(countBars(counts, 2).map((bar) => ({ ...bar.counts }))).toEqual([{ on: 3 }, {}, { '': 3 }]);
  });
  it('add up by variant, the most first', () => {
    expect(countTotals(counts)).toEqual([
      { variant: 'on', count: 3 },
      { variant: null, count: 3 },
    ]);
  });
});

it('a share is drawn as it was set, to a tenth of a percent', () => {
  const text = (percent: number) => shareText({ variant: 'on', percent });
  expect([12.5, 87.5, 25, 0.1, 99.96].map(text)).toEqual(['12.5', '87.5', '25', '0.1', '100']);
});
