import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { redblack } from '@/server/strategies/redblack';
import { strategies } from '@/server/strategies/registry';
import type { Strategy } from '@/server/strategies/strategy';
import {
  type Cluster,
  clusters,
  desired,
  options,
  planOf,
  run,
  serverGroup,
  vetoed,
  wantedFor,
} from '@/server/strategies/testing/cluster';

/** Which of the old groups stay. */

const keepsSome = z.object({ keep: z.number().min(2) });
const keepsNone = ['none', 'recreate', 'highlander'];
const keeping = Object.values(strategies)
  .filter(({ kind }) => !keepsNone.includes(kind))
  .map((strategy): [string, Strategy] => [strategy.kind, strategy]);

describe.each(keeping)('%s, which keeps old groups,', (_, strategy) => {
  const plan = planOf(strategy);

  it('leaves a group that is not vetoed where there was one', () => {
    fc.assert(
      fc.property(clusters, desired, options(strategy), vetoed, (cluster, count, given, bad) => {
        fc.pre(keepsSome.safeParse(strategy.optionsSchema.parse(given)).success);
        const wanted = { ...wantedFor(cluster, count), vetoed: bad };
        const mayReturn = ({ groups }: Cluster) =>
          groups.some(
            ({ name, artifact }) => name !== wanted.serverGroup && !wanted.vetoed.includes(artifact.digest),
          );
        const end = run(cluster, plan(cluster, wanted, given), wanted);
        expect(mayReturn(end)).toBe(mayReturn(cluster));
      }),
    );
  });
});

describe('redblack', () => {
  it('keeps the version that serves, not a newer one that was already rolled back', () => {
    const groups = [serverGroup(1, 'good', true, 2), serverGroup(2, 'bad', false, 2)];
    const cluster: Cluster = { groups, weights: {} };
    const wanted = wantedFor(cluster, 2);

    const end = run(cluster, planOf(redblack)(cluster, wanted, { keep: 2 }), wanted);

    expect(end.groups.map((group) => group.artifact.version)).toEqual(['good', 'new']);
  });

  it('keeps the version that may be gone back to, not a newer one that is vetoed', () => {
    const groups = [
      serverGroup(0, '1.0.0', false, 2),
      serverGroup(1, '1.1.0', true, 2),
      serverGroup(2, '1.2.0', false, 2),
    ];
    const cluster: Cluster = { groups, weights: {} };
    const again = { name: 'shop', version: '1.1.0', digest: 'sha256:1.1.0' };
    const wanted = { ...wantedFor(cluster, 2), artifact: again, vetoed: ['sha256:1.2.0'] };

    const end = run(cluster, planOf(redblack)(cluster, wanted, { keep: 2 }), wanted);

    expect(end.groups.map((group) => [group.sequence, group.artifact.version])).toEqual([
      [0, '1.0.0'],
      [4, '1.1.0'],
    ]);
  });

  it('keeps a group of the version that is deployed again rather than one that is vetoed', () => {
    const groups = [serverGroup(0, '1.0.0', true, 2), serverGroup(1, '1.1.0', false, 2)];
    const cluster: Cluster = { groups, weights: {} };
    const again = { name: 'shop', version: '1.0.0', digest: 'sha256:1.0.0' };
    const wanted = { ...wantedFor(cluster, 2), artifact: again, vetoed: ['sha256:1.1.0'] };

    const end = run(cluster, planOf(redblack)(cluster, wanted, { keep: 2 }), wanted);

    expect(end.groups.map((group) => group.sequence)).toEqual([0, 3]);
  });

  it('counts the new group among those it keeps', () => {
    const groups = [
      serverGroup(1, 'a', false, 1),
      serverGroup(2, 'b', false, 1),
      serverGroup(3, 'c', true, 1),
    ];
    const cluster: Cluster = { groups, weights: {} };
    const wanted = wantedFor(cluster, 1);

    const end = run(cluster, planOf(redblack)(cluster, wanted, {}), wanted);

    expect(end.groups.map((group) => group.artifact.version)).toEqual(['c', 'new']);
  });
});
