import { describe, expect, it } from 'vitest';
import { Routing } from '@/server/providers/kubernetes/testing/routing';

function slice(service: string, pods: Record<string, { ready?: boolean; ending?: boolean }>) {
  return {
    metadata: { name: `${service}-x`, labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    endpoints: Object.entries(pods).map(([uid, { ready, ending = false }]) => ({
      addresses: ['10.0.0.1'],
      conditions: { ready, serving: true, terminating: ending },
      targetRef: { uid },
    })),
  };
}

function route(weights: Record<string, number | undefined>) {
  const backendRefs = Object.entries(weights).map(([name, weight]) => ({ name, weight }));
  return { metadata: { name: 'shop' }, spec: { hostnames: ['shop.test'], rules: [{ backendRefs }] } };
}

function counts(routing: Routing, host: string, requests: number) {
  const result: Record<string, number> = {};
  for (let i = 0; i < requests; i++) {
    const choice = routing.choose(host);
    const key = 'pod' in choice ? choice.pod : choice.refused;
    result[key] = (result[key] ?? 0) + 1;
  }
  return result;
}

describe('routing of the data plane', () => {
  it('gives every ready endpoint of a Service the same, once, in however many slices it stands', () => {
    const routing = new Routing();
    routing.slices.set('1', slice('shop', { a: { ready: true }, b: {}, c: { ready: false } }));
    routing.slices.set('2', slice('shop', { a: { ready: true } }));
    expect(counts(routing, 'shop.ns.svc', 10)).toEqual({ a: 5, b: 5 });
    expect(counts(routing, 'shop.ns.svc.cluster.local', 2)).toEqual({ a: 1, b: 1 });
  });

  it('falls back to endpoints that end and still serve', () => {
    const routing = new Routing();
    routing.slices.set('1', slice('shop', { a: { ready: false, ending: true }, b: { ready: false } }));
    expect(counts(routing, 'shop.ns.svc', 3)).toEqual({ a: 3 });
  });

  it('follows the weights of a route exactly, and evenly', () => {
    const routing = new Routing();
    routing.slices.set('1', slice('v1', { a: {} })).set('2', slice('v2', { b: {} }));
    routing.routes.set('shop', route({ v1: 90, v2: 10 }));
    expect(counts(routing, 'shop.test', 100)).toEqual({ a: 90, b: 10 });
    expect(counts(routing, 'shop.test', 10)).toEqual({ a: 9, b: 1 });
    routing.routes.set('shop', route({ v1: 0, v2: undefined }));
    expect(counts(routing, 'shop.test', 3)).toEqual({ b: 3 });
  });

  it('refuses the share of a backend without endpoints, and hosts that nobody has', () => {
    const routing = new Routing();
    routing.slices.set('1', slice('v1', { a: {} }));
    routing.routes.set('shop', route({ v1: 1, v2: 1 }));
    expect(counts(routing, 'shop.test', 4)).toEqual({ a: 2, 'service v2 has no endpoint': 2 });
    expect(routing.choose('other.test')).toEqual({ refused: 'no route has the host other.test' });
  });
});
