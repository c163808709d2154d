import { expect, it } from 'vitest';
import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';
import { instanceAt, podView } from '@/server/providers/kubernetes/words/pod-view';

type Pod = ObjectOf<'Pod'>;
type Status = NonNullable<Pod['status']>;

const STARTED = '2026-05-01T10:00:00Z';

function pod(status: Status, metadata: Pod['metadata'] = {}): Pod {
  return {
    metadata: { name: 'web-1', namespace: 'shop', uid: 'u1', creationTimestamp: STARTED, ...metadata },
    status: { startTime: STARTED, ...status },
  };
}

function container(state: object, more: object = {}): NonNullable<Status['containerStatuses']> {
  return [{ name: 'main', image: 'web:1', imageID: '', ready: false, restartCount: 0, state, ...more }];
}

const condition = (type: string, status: string, more: object = {}) => ({ type, status, ...more });
const state = (one: Pod) => {
  const { health, reason, blocked } = podView(one).instance;
  return { health, reason, ...(blocked === undefined ? {} : { blocked }) };
};

it('is healthy when the pod is ready, with its address, start and restarts', () => {
  const status: Status = {
    phase: 'Running',
    podIP: '10.0.0.7',
    conditions: [condition('Ready', 'True')],
    containerStatuses: container({ running: { startedAt: STARTED } }, { restartCount: 3 }),
  };
  expect(podView(pod(status)).instance).toEqual({
    id: 'web-1',
    health: 'healthy',
    reason: null,
    startedAt: STARTED,
    address: '10.0.0.7',
    restarts: 3,
    memoryBytes: null,
  });
});

it.each(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'CreateContainerConfigError'])(
  'says at once that %s will not heal by waiting',
  (reason) => {
    const status: Status = {
      phase: 'Pending',
      containerStatuses: container({ waiting: { reason, message: 'no such thing' } }),
    };
    expect(state(pod(status))).toEqual({
      health: 'unhealthy',
      reason: `${reason}: no such thing`,
      blocked: `${reason}: no such thing`,
    });
  },
);

it('looks at init containers, too', () => {
  const waiting = { reason: 'ImagePullBackOff', message: 'gone' };
  const status: Status = { phase: 'Pending', initContainerStatuses: container({ waiting }) };
  expect(state(pod(status)).blocked).toBe('ImagePullBackOff: gone');
});

it('gives a crash a second chance, and then calls it a loop, with how it ended', () => {
  const crashed = (restartCount: number): Status => ({
    phase: 'Running',
    containerStatuses: container(
      { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
      { restartCount, lastState: { terminated: { exitCode: 3, reason: 'Error' } } },
    ),
  });
  const reason = 'CrashLoopBackOff: main exited with code 3';
  expect(state(pod(crashed(1)))).toEqual({ health: 'unhealthy', reason });
  expect(state(pod(crashed(2)))).toEqual({ health: 'unhealthy', reason, blocked: reason });
});

it('waits ten seconds for room before it gives up', () => {
  const since = Date.parse(STARTED);
  const status: Status = {
    phase: 'Pending',
    conditions: [
      condition('PodScheduled', 'False', {
        reason: 'Unschedulable',
        message: '0/3 nodes are available: 3 Insufficient cpu.',
        lastTransitionTime: STARTED,
      }),
    ],
  };
  const view = podView(pod(status));
  const reason = 'Unschedulable: 0/3 nodes are available: 3 Insufficient cpu.';
  expect(instanceAt(view, since + 9_999)).toMatchObject({ health: 'starting', reason });
  expect(instanceAt(view, since + 9_999).blocked).toBeUndefined();
  expect(instanceAt(view, since + 10_000).blocked).toBe(reason);
});

it('tells a pod that has been ready before from one that is starting', () => {
  const running = (lastTransitionTime: string): Status => ({
    phase: 'Running',
    conditions: [condition('Ready', 'False', { reason: 'ContainersNotReady', lastTransitionTime })],
    containerStatuses: container({ running: { startedAt: STARTED } }),
  });
  expect(state(pod(running(STARTED))).health).toBe('starting');
  expect(state(pod(running('2026-05-01T10:05:00Z'))).health).toBe('unhealthy');
});

it('is draining as soon as it is told to end, however well it is', () => {
  const status: Status = { phase: 'Running', conditions: [condition('Ready', 'True')] };
  expect(state(pod(status, { deletionTimestamp: STARTED })).health).toBe('draining');
});

it('does not know how a pod on a lost node is', () => {
  const conditions = [condition('Ready', 'Unknown', { reason: 'NodeStatusUnknown' })];
  expect(state(pod({ phase: 'Running', conditions })).health).toBe('unknown');
});

it('tells why a pod was put down', () => {
  const status: Status = { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory' };
  expect(state(pod(status))).toEqual({ health: 'down', reason: 'Evicted: The node was low on memory' });
});
