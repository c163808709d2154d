import { describe, expect, it } from 'vitest';
import { isStaleAfter } from '@/components/live/invalidate.view';
import type { SignalEvent } from '@/server/domain/events';

function event(parts: Partial<SignalEvent>): SignalEvent {
  return {
    seq: '1',
    at: '2026-11-21T00:00:00.000Z',
    kind: 'stage',
    application: null,
    executionId: null,
    subject: null,
    status: null,
    ...parts,
  };
}

describe('what an event makes stale', () => {
  it('is every read that shows its kind', () => {
    const inventory = event({ kind: 'inventory', application: 'catalog' });
    expect(isStaleAfter([['board', 'get'], { input: {}, type: 'query' }], inventory)).toBe(true);
    expect(isStaleAfter([['clusters', 'list'], { input: { application: 'catalog' } }], inventory)).toBe(true);
    expect(isStaleAfter([['users', 'me'], { type: 'query' }], inventory)).toBe(false);
  });
  it('is not a read about another application', () => {
    const inventory = event({ kind: 'inventory', application: 'catalog' });
    expect(isStaleAfter([['clusters', 'list'], { input: { application: 'search' } }], inventory)).toBe(false);
  });
  it('is not a read about another execution, under either of its names', () => {
    const stage = event({ kind: 'stage', executionId: 'a' });
    expect(isStaleAfter([['executions', 'get'], { input: { id: 'b' } }], stage)).toBe(false);
    expect(isStaleAfter([['executions', 'get'], { input: { id: 'a' } }], stage)).toBe(true);
    expect(isStaleAfter([['executions', 'getStage'], { input: { executionId: 'b' } }], stage)).toBe(false);
  });
  it('does not confuse a path with the beginning of another', () => {
    expect(isStaleAfter([['executions', 'getStage'], {}], event({ kind: 'stage' }))).toBe(true);
    expect(isStaleAfter([['executionsOld', 'get'], {}], event({ kind: 'execution' }))).toBe(false);
  });
  it('never concerns queries that are not ours', () => {
    expect(isStaleAfter(['oidc-providers'], event({ kind: 'application' }))).toBe(false);
  });
});
