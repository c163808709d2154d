import { describe, expect, it } from 'vitest';
import { breadcrumb, placeOf, pressKey } from '@/components/nav/nav.view';

describe('where one is', () => {
  it('counts an execution to activity', () => {
    expect(placeOf('/executions/0b1c')).toBe('activity');
    expect(breadcrumb('/executions/0b1c2d3e-4f50')).toEqual([
      { place: 'activity', href: '/activity' },
      { text: '0b1c2d3e', href: '/executions/0b1c2d3e-4f50' },
    ]);
  });
  it('names the application and the pipeline in it', () => {
    expect(
      breadcrumb('/applications/my%20app/pipelines/deploy-prod').map((c) => ('text' in c ? c.text : c.place)),
    ).toEqual(['applications', 'my app', 'deploy-prod']);
  });
  it('names an analysis by the first characters of its id', () => {
    const id = '0b1c2d3e-4f50-4a1b-8c2d-0123456789ab';
    expect(breadcrumb(`/applications/catalog/canaries/${id}`).at(-1)).toEqual({
      text: '0b1c2d3e',
      href: `/applications/catalog/canaries/${id}`,
    });
  });
  it('names a canary configuration below the list of them', () => {
    const words = (path: string) => breadcrumb(path).map((c) => ('text' in c ? c.text : c.place));
    const list = '/applications/catalog/canaries/configs';
    expect(words(list)).toEqual(['applications', 'catalog', 'canaryConfigs']);
    expect(words(`${list}/prod`)).toEqual(['applications', 'catalog', 'canaryConfigs', 'prod']);
    expect(words(`${list}/new`)).toEqual(words(list));
  });
  it('does not take the form of a new feature for a feature, not even for one called “new”', () => {
    expect(breadcrumb('/new-feature')).toEqual([{ place: 'features', href: '/features' }]);
    expect(breadcrumb('/features/new').at(-1)).toMatchObject({ text: 'new' });
    expect(breadcrumb('/features/price-badge').at(-1)).toMatchObject({ text: 'price-badge' });
  });
  it('does not take a longer word for a place', () => {
    expect(placeOf('/applicationsx')).toBeNull();
    expect(breadcrumb('/nowhere')).toEqual([]);
  });
  it('survives an address that cannot be decoded', () => {
    expect(breadcrumb('/applications/%E0%A4%A').at(-1)).toMatchObject({ text: '%E0%A4%A' });
  });
});

describe('keys', () => {
  it('go to a place in two presses', () => {
    const first = pressKey('', 'g');
    expect(first).toEqual({ pending: 'g', action: null });
    expect(pressKey(first.pending, 'w')).toEqual({ pending: '', action: 'waiting' });
  });
  it('begin anew when the second fits nothing', () => {
    expect(pressKey('g', '/')).toEqual({ pending: '', action: 'search' });
    expect(pressKey('g', 'g')).toEqual({ pending: 'g', action: null });
    expect(pressKey('g', 'x')).toEqual({ pending: '', action: null });
  });
});
