import { describe, expect, it } from 'vitest';
import type { Firewall, LoadBalancer } from '@/server/domain/inventory';
import { toldApart } from '@/server/engine/inventory/tell-apart';

function wall(name: string, application = 'shop', region = 'eu'): Firewall {
  return { account: 'prod', region, name, application, rules: [] };
}

function balancer(name: string, url: string): LoadBalancer {
  return { account: 'prod', region: 'eu', name, application: 'shop', url, targets: [] };
}

const NOTHING = { serverGroups: [], loadBalancers: [], firewalls: [] };

describe('what a platform gives twice', () => {
  it('gets a number from the second on, in the order of the platform', () => {
    const firewalls = [wall('web', 'shop'), wall('web', 'blog'), wall('web (2)'), wall('web', 'docs')];
    const apart = toldApart({ ...NOTHING, firewalls }).firewalls;
    expect(apart.map(({ name, application }) => [name, application])).toEqual([
      ['web', 'shop'],
      ['web (3)', 'blog'],
      ['web (2)', 'shop'],
      ['web (4)', 'docs'],
    ]);
  });

  it('is there once when nothing tells them apart', () => {
    const loadBalancers = [
      balancer('web', 'a'),
      balancer('web', 'b'),
      balancer('web', 'a'),
      balancer('web', 'b'),
    ];
    const apart = toldApart({ ...NOTHING, loadBalancers }).loadBalancers;
    expect(apart.map(({ name, url }) => [name, url])).toEqual([
      ['web', 'a'],
      ['web (2)', 'b'],
    ]);
  });

  it('leaves alone, as the same objects, what has a name to itself in its region', () => {
    const firewalls = [wall('web'), wall('web', 'shop', 'us'), wall('web', 'blog')];
    const apart = toldApart({ ...NOTHING, firewalls }).firewalls;
    expect(apart[0]).toBe(firewalls[0]);
    expect(apart[1]).toBe(firewalls[1]);
    expect(apart[2]?.name).toBe('web (2)');
  });
});
