import { expect, it } from 'vitest';
import { BUCKET_GROWTH } from '@/server/local-cloud/history/durations';
import { History } from '@/server/local-cloud/history/history';
import type { GroupFacts, InstanceFacts } from '@/server/local-cloud/metrics';

const labels = {
  server_group: 'shop-v000',
  cluster: 'shop',
  application: 'shop',
  region: 'eu',
  version: '1.0.0',
};

function instance(id: string, memoryBytes: number | null, health: InstanceFacts['health'] = 'healthy') {
  return { id, health, memoryBytes, restarts: 0 };
}

const alive: GroupFacts[] = [
  { labels, instances: [instance('a', 100), instance('b', 300), instance('c', null)] },
];

/** A history on a clock that is set by hand, in seconds. */
function historyAt(second: number) {
  const clock = { second };
  return { clock, history: new History(() => clock.second * 1_000) };
}

function range(history: History, start: number, end: number, step: number, region: string | null = 'eu') {
  return history.range({ serverGroup: 'shop-v000', region, start, end, step }).groups;
}

it('counts requests, errors and the durations of those that went well, step by step', () => {
  const { clock, history } = historyAt(100);
  history.requestEnded(labels, 200, 0.1);
  history.requestEnded(labels, 503, 0.001);
  clock.second = 103;
  history.requestEnded(labels, 404, 0.002);
  history.requestEnded(labels, 302, 2);
  clock.second = 110;
  const [group] = range(history, 100, 110, 5);
  expect(group?.requests).toEqual([4, null]);
  expect(group?.errors).toEqual([1, null]);
  const [durations = []] = group?.durations ?? [];
  const shown = durations.map(([bucket, count]) => [BUCKET_GROWTH ** bucket, count]);
  expect(shown.map(([, count]) => count)).toEqual([1, 1]);
  expect(shown[0]?.[0]).toBeGreaterThanOrEqual(0.1);
  expect(shown[0]?.[0]).toBeLessThan(0.1 * BUCKET_GROWTH);
  expect(shown[1]?.[0]).toBeGreaterThanOrEqual(2);
});

it('knows a second without requests from one in which nobody looked', () => {
  const { clock, history } = historyAt(100);
  history.look(alive);
  clock.second = 102;
  history.look(alive);
  clock.second = 103;
  const [group] = range(history, 99, 103, 1);
  expect(group?.requests).toEqual([null, 0, null, 0]);
  expect(group?.memoryBytes).toEqual([null, 300, null, 300]);
  expect(group?.healthyInstances).toEqual([null, 3, null, 3]);
});

it('says nothing of a step that is not over', () => {
  const { clock, history } = historyAt(100);
  history.look(alive);
  history.requestEnded(labels, 200, 0.1);
  clock.second = 101;
  expect(range(history, 100, 102, 2)[0]?.requests).toEqual([null]);
  clock.second = 102;
  expect(range(history, 100, 102, 2)[0]?.requests).toEqual([1]);
});

it('takes the least of the healthy instances and the largest of the memories in a step', () => {
  const { clock, history } = historyAt(100);
  history.look(alive);
  clock.second = 101;
  history.look([{ labels, instances: [instance('a', 900), instance('b', 300, 'down')] }]);
  clock.second = 102;
  expect(range(history, 100, 102, 2)[0]).toMatchObject({ memoryBytes: [900], healthyInstances: [1] });
});

it('keeps an hour, in a ring that does not show what was there an hour before', () => {
  const { clock, history } = historyAt(1_000);
  history.requestEnded(labels, 200, 0.1);
  clock.second = 1_000 + 3_599;
  history.requestEnded(labels, 200, 0.1);
  expect(range(history, 1_000, 1_001, 1)[0]?.requests).toEqual([1]);
  clock.second = 1_000 + 3_600;
  history.requestEnded(labels, 200, 0.1);
  clock.second += 1;
  expect(range(history, 1_000, 1_001, 1)[0]?.requests).toEqual([null]);
  expect(range(history, 4_599, 4_601, 1)[0]?.requests).toEqual([1, 1]);
  clock.second += 100_000;
  history.requestEnded(labels, 200, 0.1);
  expect(range(history, 4_599, 4_601, 1)[0]?.requests).toEqual([null, null]);
});

it('keeps a group that is gone for an hour, then forgets it', () => {
  const { clock, history } = historyAt(1_000);
  history.look(alive);
  clock.second = 1_000 + 3_600;
  history.look([]);
  expect(range(history, 1_000, 1_001, 1)).toHaveLength(1);
  clock.second += 1;
  history.look([]);
  expect(range(history, 1_000, 1_001, 1)).toEqual([]);
});

it('tells groups of one name in two regions apart', () => {
  const { clock, history } = historyAt(100);
  history.look(alive);
  history.look([{ labels: { ...labels, region: 'us' }, instances: [] }]);
  clock.second = 101;
  expect(range(history, 100, 101, 1, null).map((group) => group.region)).toEqual(['eu', 'us']);
  expect(range(history, 100, 101, 1, 'us').map((group) => group.memoryBytes)).toEqual([[null]]);
});

it('tells variants of a toggle apart, over all server groups and regions of a cluster, for an hour', () => {
  const { clock, history } = historyAt(100);
  const on = [{ toggle: 'badge', variant: 'on' }];
  history.requestEnded(labels, 200, 0.1, on);
  history.requestEnded({ ...labels, server_group: 'shop-v001', region: 'us' }, 500, 0.1, on);
  history.requestEnded(labels, 200, 0.1, [{ toggle: 'badge', variant: 'off' }]);
  history.requestEnded({ ...labels, cluster: 'shop-two' }, 200, 0.1, on);
  clock.second = 102;
  const asked = (variant: string, start = 100) =>
    history.range({ toggle: 'badge', variant, cluster: 'shop', start, end: start + 2, step: 1 }).groups;
  expect(asked('on')).toMatchObject([{ region: '', requests: [2, null], errors: [1, null] }]);
  expect(asked('off')).toMatchObject([{ requests: [1, null], errors: [0, null] }]);
  expect(asked('blue')).toEqual([]);
  clock.second = 100 + 3_601;
  history.look([]);
  expect(asked('on')).toEqual([]);
});

it('is not upset by a clock that is set back', () => {
  const { clock, history } = historyAt(10_000);
  history.requestEnded(labels, 200, 0.1);
  clock.second = 9_999;
  history.requestEnded(labels, 200, 0.1);
  clock.second = 1_000;
  history.requestEnded(labels, 200, 0.1);
  clock.second = 10_001;
  expect(range(history, 9_999, 10_001, 1)[0]?.requests).toEqual([1, 1]);
});
