import { expect, it } from 'vitest';
import { leavingOf } from '@/server/providers/kubernetes/verbs/leaving-pods';
import type { Pod } from '@/server/providers/kubernetes/verbs/platform';
import { TRAFFIC_ON, trafficLabel } from '@/server/providers/kubernetes/words/labels';

const pod = (
  name: string,
  second: number,
  { ready = true, reached = true, resourceVersion = '1' } = {},
): Pod => ({
  metadata: {
    name,
    resourceVersion,
    creationTimestamp: new Date(second * 1_000).toISOString(),
    labels: reached ? { [trafficLabel('shop')]: TRAFFIC_ON } : {},
  },
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});
const names = (pods: readonly Pod[], staying: number) =>
  leavingOf(pods, staying).map(({ metadata }) => metadata?.name);

it('lets the youngest go first, and nobody when all stay', () => {
  const pods = [pod('b', 2), pod('a', 1), pod('c', 3)];
  expect(names(pods, 1)).toEqual(['c', 'b']);
  expect(names(pods, 3)).toEqual([]);
  expect(names(pods, 5)).toEqual([]);
  const atOnce = [pod('a', 1, { resourceVersion: '9' }), pod('b', 1, { resourceVersion: '10' })];
  expect(names(atOnce, 1)).toEqual(['b']);
});

it('lets go what is not well, then what gets no requests, before what serves', () => {
  const pods = [
    pod('old and ill', 1, { ready: false }),
    pod('old without requests', 2, { reached: false }),
    pod('young and serving', 3),
  ];
  expect(names(pods, 1)).toEqual(['old and ill', 'old without requests']);
});
