import { expect, it } from 'vitest';
import { inOrder, targetsOf } from '@/components/clusters/load-balancers.view';

it('lists by name, then region, then account, in whatever order they come', () => {
  const places = [
    ['shop-prod', 'us', 'b'],
    ['shop-prod', 'eu', 'b'],
    ['shop-dev', 'us', 'a'],
    ['shop-prod', 'eu', 'a'],
  ] as const;
  const all = places.map(([name, region, account]) => ({ name, region, account }));
  const sorted = [all[2], all[3], all[1], all[0]];
  expect(inOrder(all)).toEqual(sorted);
  expect(inOrder(all.toReversed())).toEqual(sorted);
});

it('keeps targets in their places when their weights change, without those that get nothing', () => {
  const weights = [
    { serverGroup: 'shop-v002', weight: 0 },
    { serverGroup: 'shop-v001', weight: 0.1 },
    { serverGroup: 'shop-v000', weight: 0.9 },
  ];
  const names = (targets: typeof weights) => targetsOf({ targets }).map(({ serverGroup }) => serverGroup);
  expect(names(weights)).toEqual(['shop-v000', 'shop-v001']);
  expect(names(weights.toReversed())).toEqual(['shop-v000', 'shop-v001']);
});
