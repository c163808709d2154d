import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Refresher } from '@/components/live/refresher';
import type { SignalEvent } from '@/server/domain/events';

const BOARD = [['board', 'get'], { input: {} }];
const event: SignalEvent = {
  seq: '1',
  at: '2026-11-21T00:00:00.000Z',
  kind: 'inventory',
  application: 'catalog',
  executionId: null,
  subject: null,
  status: null,
};
const clean: (() => void)[] = [];
afterEach(() => clean.splice(0).forEach((undo) => undo()));

/** An observed query whose fetches the test answers one by one. */
function observe() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
  const answers: ((value: number) => void)[] = [];
  const observer = new QueryObserver(client, {
    queryKey: BOARD,
    queryFn: () => new Promise<number>((resolve) => answers.push(resolve)),
  });
  const refresher = new Refresher(client);
  clean.push(
    observer.subscribe(() => undefined),
    () => refresher.stop(),
    () => client.clear(),
  );
  return { answers, refresher, data: () => client.getQueryData(BOARD) };
}

describe('refetching after events', () => {
  it('answers many events at once with one fetch', async () => {
    const { answers, refresher, data } = observe();
    answers[0]?.(1);
    await vi.waitFor(() => expect(data()).toBe(1));
    for (let i = 0; i < 20; i++) refresher.add([event]);
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[1]?.(2);
    await vi.waitFor(() => expect(data()).toBe(2));
    expect(answers).toHaveLength(2);
  });
  it('lets a fetch under way finish, then fetches once more', async () => {
    const { answers, refresher, data } = observe();
    expect(answers).toHaveLength(1);
    refresher.add([event]);
    refresher.add([event]);
    answers[0]?.(1);
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    expect(data()).toBe(1);
    answers[1]?.(2);
    await vi.waitFor(() => expect(data()).toBe(2));
  });
  it('reads everything again after a gap', async () => {
    const { answers, refresher, data } = observe();
    answers[0]?.(1);
    await vi.waitFor(() => expect(data()).toBe(1));
    refresher.addAll();
    await vi.waitFor(() => expect(answers).toHaveLength(2));
  });
});
