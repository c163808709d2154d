import { describe, expect, it } from 'vitest';
import {
  isSame,
  scopesOf,
  usualSides,
  withLocation,
  withScope,
} from '@/components/canary/workbench/scopes.view';
import type { ScopeSuggestion } from '@/server/domain/views/canary';

function group(scope: string, location: string, version: string, enabled: boolean): ScopeSuggestion {
  return {
    scope,
    location,
    version,
    enabled,
    environment: scope.includes('prod') ? 'prod' : 'staging',
    createdAt: '2026-11-21T10:00:00Z',
  };
}

/** Newest first, as the service gives them. */
const KNOWN = [
  group('catalog-prod-v002', 'eu', '1.2.0', false),
  group('catalog-prod-v001', 'us', '1.1.0', true),
  group('catalog-prod-v001', 'eu', '1.1.0', true),
  group('catalog-staging-v000', 'us', '1.0.0', true),
  group('catalog-prod-v000', 'us', '1.0.0', true),
];

describe('the sides of a comparison', () => {
  it('are at first the newest group and what ran before it at the same place, gone or not', () => {
    expect(usualSides(KNOWN)).toMatchObject({
      baseline: { scope: 'catalog-prod-v001', location: 'eu', version: '1.1.0' },
      canary: { scope: 'catalog-prod-v002', location: 'eu', version: '1.2.0' },
    });
  });

  it('are one in traffic twice while nothing ran before, and nothing while there is none', () => {
    const alone = [
      group('search-prod-v001', 'eu', '2.0.0', false),
      group('search-staging-v000', 'us', '1.0.0', true),
    ];
    expect(usualSides(alone).canary.scope).toBe('search-staging-v000');
    expect(isSame(usualSides(alone))).toBe(true);
    expect(scopesOf(usualSides([]))).toBeNull();
  });

  it('take along what is known under their name, at the same place if they can', () => {
    const side = { scope: '', location: 'eu' };
    expect(withScope(side, 'catalog-prod-v001', KNOWN)).toEqual({
      scope: 'catalog-prod-v001',
      location: 'eu',
      version: '1.1.0',
    });
    expect(withScope(side, 'catalog-prod-v000', KNOWN).location).toBe('us');
    expect(withScope(side, 'unheard-of', KNOWN)).toEqual({ scope: 'unheard-of', location: 'eu' });
  });

  it('lose their version at a place where nothing is known of them', () => {
    const side = { scope: 'catalog-prod-v002', location: 'eu', version: '1.2.0' };
    expect(withLocation(side, 'mars', KNOWN)).toEqual({ scope: 'catalog-prod-v002', location: 'mars' });
    expect(withLocation(side, 'eu', KNOWN).version).toBe('1.2.0');
  });
});
