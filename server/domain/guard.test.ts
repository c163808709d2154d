import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { trafficGuard } from '@/server/domain/guard';
import { INSTANCE_HEALTH, type Instance, type InstanceHealth } from '@/server/domain/inventory';

function group(name: string, enabled: boolean, ...healths: InstanceHealth[]) {
  const instances = healths.map(
    (health, index): Instance => ({
      id: `${name}-${index}`,
      health,
      reason: null,
      startedAt: '2026-01-01T00:00:00.000Z',
      address: null,
      restarts: 0,
      memoryBytes: null,
    }),
  );
  return { name, enabled, instances };
}

const groups = fc
  .array(fc.tuple(fc.boolean(), fc.array(fc.constantFrom(...INSTANCE_HEALTH), { maxLength: 4 })), {
    maxLength: 6,
  })
  .map((parts) => parts.map(([enabled, healths], index) => group(`shop-v00${index}`, enabled, ...healths)));
const leaving = fc.array(fc.nat(6)).map((numbers) => new Set(numbers.map((number) => `shop-v00${number}`)));

it('refuses to take out the last healthy enabled server group and names the numbers', () => {
  const cluster = [group('shop-v001', true, 'healthy', 'healthy'), group('shop-v002', false, 'healthy')];

  expect(trafficGuard(cluster, new Set(['shop-v001']))).toEqual({
    allowed: false,
    healthyNow: 2,
    healthyAfter: 0,
  });
});

it('does not count a replacement that is enabled but not healthy', () => {
  const cluster = [group('shop-v001', true, 'healthy'), group('shop-v002', true, 'starting', 'unhealthy')];

  expect(trafficGuard(cluster, new Set(['shop-v001'])).allowed).toBe(false);
});

it('lets groups leave that serve nothing, also when nothing else serves', () => {
  const cluster = [group('shop-v001', false, 'healthy'), group('shop-v002', true, 'down')];

  expect(trafficGuard(cluster, new Set(['shop-v001', 'shop-v002'])).allowed).toBe(true);
});

it('never allows a cluster that serves to serve no more', () => {
  fc.assert(
    fc.property(groups, leaving, (cluster, names) => {
      const verdict = trafficGuard(cluster, names);
      expect(verdict.allowed && verdict.healthyNow > 0 && verdict.healthyAfter === 0).toBe(false);
    }),
  );
});

it('always allows what leaves the serving capacity as it is', () => {
  fc.assert(
    fc.property(groups, leaving, (cluster, names) => {
      const verdict = trafficGuard(cluster, names);
      expect(verdict.allowed || verdict.healthyAfter < verdict.healthyNow).toBe(true);
    }),
  );
});
