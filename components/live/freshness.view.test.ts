import { describe, expect, it } from 'vitest';
import { freshness, lagOf } from '@/components/live/freshness.view';

describe('freshness', () => {
  it('is live while events arrive within two seconds', () => {
    expect(freshness({ connection: 'live', lagMs: 1_999 })).toEqual({ kind: 'live' });
  });
  it('says by how many seconds it is behind', () => {
    expect(freshness({ connection: 'live', lagMs: 3_400 })).toEqual({ kind: 'behind', seconds: 3 });
  });
  it('says that it reconnects, however small the last lag was', () => {
    expect(freshness({ connection: 'reconnecting', lagMs: 0 })).toEqual({ kind: 'reconnecting' });
  });
  it('measures lag by the newest event of a batch', () => {
    const at = '2026-11-21T00:00:10.000Z';
    const events = [{ at: '2026-11-21T00:00:01.000Z' }, { at: '2026-11-21T00:00:09.500Z' }];
    expect(lagOf({ at, events })).toBe(500);
    expect(lagOf({ at, events: [] })).toBe(0);
  });
});
