import { expect, it } from 'vitest';
import type { Firewall } from '@/server/domain/inventory';
import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';
import { firewallOf, networkPolicyFor } from '@/server/providers/kubernetes/words/firewall-of';

const firewall = (...rules: Firewall['rules']): Firewall => ({
  account: 'prod',
  region: 'shop',
  name: 'inside',
  application: 'web',
  rules,
});
const rule = (fromPort: number, toPort: number, source = '10.0.0.0/8') =>
  ({ protocol: 'tcp', fromPort, toPort, source }) as const;

it('comes back as it was asked for', () => {
  const asked = firewall(rule(0, 65_535), rule(80, 80), rule(8_000, 8_100, 'fd00::/8'));
  // What is read is what was written, with more.
  expect(firewallOf('prod', networkPolicyFor(asked) as ObjectOf<'NetworkPolicy'>)).toEqual(asked);
});

it('lets in to the application what the rules name: all ports, one, or a range', () => {
  const { spec } = networkPolicyFor(firewall(rule(0, 65_535), rule(80, 80), rule(8_000, 8_100)));
  expect(spec?.podSelector).toEqual({ matchLabels: { 'signalbox.io/application': 'web' } });
  const from = [{ ipBlock: { cidr: '10.0.0.0/8' } }];
  expect(spec?.ingress).toEqual([
    { from, ports: [{ protocol: 'TCP' }] },
    { from, ports: [{ protocol: 'TCP', port: 80 }] },
    { from, ports: [{ protocol: 'TCP', port: 8_000, endPort: 8_100 }] },
  ]);
});

it.each(['x', '10.0.0.1', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0/8', ''])(
  'refuses "%s" as a source',
  (source) => {
    expect(() => networkPolicyFor(firewall(rule(1, 2, source)))).toThrowError(
      expect.objectContaining({ code: 'invalid' }),
    );
  },
);

it('reads what others let in, in words where a rule has none', () => {
  const policy = {
    metadata: { namespace: 'shop', name: 'theirs', labels: { app: 'web' } },
    spec: {
      podSelector: {},
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { team: 'a' } }, podSelector: {} }],
          ports: [{ protocol: 'UDP', port: 53 }, { port: 'http' }, { protocol: 'SCTP', port: 1 }],
        },
        { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] },
        {},
      ],
    },
  };
  expect(firewallOf('prod', policy as unknown as ObjectOf<'NetworkPolicy'>)).toEqual({
    account: 'prod',
    region: 'shop',
    name: 'theirs',
    application: 'web',
    rules: [
      { protocol: 'udp', fromPort: 53, toPort: 53, source: 'namespaces team=a, pods all' },
      { protocol: 'tcp', fromPort: 0, toPort: 65_535, source: '10.0.0.0/8 except 10.1.0.0/16' },
      { protocol: 'tcp', fromPort: 0, toPort: 65_535, source: '0.0.0.0/0' },
    ],
  });
});
