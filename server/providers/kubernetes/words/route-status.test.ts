import { describe, expect, it } from 'vitest';
import { isUnanswered, routeTrouble } from '@/server/providers/kubernetes/words/route-status';

const said = (type: string, status: 'True' | 'False', observedGeneration: number) => ({
  type,
  status,
  reason: `${type}${status}`,
  message: '',
  lastTransitionTime: new Date(0),
  observedGeneration,
});
const route = (generation: number, ...conditions: ReturnType<typeof said>[][]) => ({
  metadata: { name: 'web', namespace: 'shop', generation },
  spec: {},
  status: {
    parents: conditions.map((ofParent, index) => ({
      parentRef: { name: `front-${index}` },
      controllerName: 'example.test/controller',
      conditions: ofParent,
    })),
  },
});

describe('what Gateways say of a route', () => {
  it('is believed of the route as it is', () => {
    expect(routeTrouble(route(2, [said('Accepted', 'False', 2)]))).toBe(
      'Gateway front-0 does not take HTTPRoute web: AcceptedFalse',
    );
    expect(routeTrouble(route(2, [said('Accepted', 'True', 2), said('ResolvedRefs', 'False', 2)]))).toContain(
      'ResolvedRefsFalse',
    );
  });

  it('is nothing where it was said of the route before it was changed', () => {
    expect(routeTrouble(route(3, [said('Accepted', 'False', 2)]))).toBeNull();
    expect(
      routeTrouble(route(3, [said('Accepted', 'True', 2), said('ResolvedRefs', 'False', 2)])),
    ).toBeNull();
  });

  it('is no refusal while one of them may still take it', () => {
    expect(routeTrouble(route(3, [said('Accepted', 'False', 3)], [said('Accepted', 'False', 2)]))).toBeNull();
    expect(routeTrouble(route(3, [said('Accepted', 'False', 3)], [said('Accepted', 'False', 3)]))).toContain(
      'does not take',
    );
  });
});

describe('the answer of Gateways to a change of a route', () => {
  it('is awaited of one that has answered before', () => {
    expect(isUnanswered(route(3, [said('Accepted', 'True', 2)]))).toBe(true);
    expect(isUnanswered(route(3, [said('Accepted', 'False', 2)]))).toBe(true);
    expect(isUnanswered(route(3, [said('Accepted', 'True', 3)]))).toBe(false);
    expect(isUnanswered(route(3, [said('Accepted', 'False', 3)]))).toBe(false);
  });

  it('is not awaited of one that never spoke, nor where another takes the route', () => {
    expect(isUnanswered(route(3))).toBe(false);
    expect(isUnanswered(route(3, []))).toBe(false);
    expect(isUnanswered(route(3, [said('Accepted', 'True', 2)], [said('Accepted', 'True', 3)]))).toBe(false);
    expect(isUnanswered(route(3, [said('Accepted', 'True', 2)], [said('Accepted', 'False', 3)]))).toBe(true);
  });
});
