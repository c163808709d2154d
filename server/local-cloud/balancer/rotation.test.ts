import { expect, it } from 'vitest';
import { type Busy, Rotation, type Route } from '@/server/local-cloud/balancer/rotation';

const instance = (inFlight = 0): Busy => ({ inFlight });

function route(name: string, share: number, instances: Busy[] = [instance()]): Route<Busy> {
  const labels = { server_group: name, cluster: 'shop', application: 'shop', region: 'eu', version: '1' };
  return { labels, share, instances };
}

function served(rotation: Rotation<Busy>, requests: number): string {
  return Array.from({ length: requests }, () => rotation.next(new Set())?.labels.server_group ?? '-').join(
    '',
  );
}

it('keeps to the shares exactly and spreads them smoothly', () => {
  const rotation = new Rotation<Busy>();
  rotation.replace([route('a', 0.5), route('b', 0.25), route('c', 0.25)]);
  expect(served(rotation, 4)).toBe('abca');
  const hundred = served(rotation, 100);
  expect(hundred.match(/a/g)).toHaveLength(50);
});

it('sends nothing to a route that was removed, from the next request on', () => {
  const rotation = new Rotation<Busy>();
  rotation.replace([route('a', 0.5), route('b', 0.5)]);
  served(rotation, 3);
  rotation.replace([route('b', 1)]);
  expect(served(rotation, 3)).toBe('bbb');
  rotation.replace([]);
  expect(rotation.next(new Set())).toBeNull();
});

it('prefers the least busy instance, and takes turns among equals', () => {
  const [idle, busy, other] = [instance(0), instance(9), instance(0)];
  const rotation = new Rotation<Busy>();
  rotation.replace([route('a', 1, [busy, idle, other])]);
  const chosen = new Set(Array.from({ length: 6 }, () => rotation.next(new Set())?.instance));
  expect(chosen).toEqual(new Set([idle, other]));
});

it('offers another instance, of any group, to a request that failed on one', () => {
  const [first, second] = [instance(), instance()];
  const rotation = new Rotation<Busy>();
  rotation.replace([route('a', 0.9, [first]), route('b', 0.1, [second])]);
  expect(rotation.next(new Set([first]))?.instance).toBe(second);
  expect(rotation.next(new Set([first, second]))).toBeNull();
});
