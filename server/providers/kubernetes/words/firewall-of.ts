import { isIP } from 'node:net';
import { z } from 'zod';
import { type Firewall, firewallRuleSchema } from '@/server/domain/inventory';
import type { Draft } from '@/server/providers/kubernetes/client/api';
import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';
import {
  ANNOTATIONS,
  APP_LABELS,
  jsonIn,
  LABELS,
  MANAGED_BY,
} from '@/server/providers/kubernetes/words/labels';
import { saidBy } from '@/server/providers/kubernetes/words/owners';
import { ProviderError } from '@/server/providers/provider';

type NetworkPolicy = ObjectOf<'NetworkPolicy'>;
type Ingress = NonNullable<NonNullable<NetworkPolicy['spec']>['ingress']>[number];
type Peer = NonNullable<Ingress['_from']>[number];
type Rule = Firewall['rules'][number];

const ANYWHERE = '0.0.0.0/0';
const LAST_PORT = 65_535;

/**
 * The NetworkPolicy that lets in what the firewall's rules name, and nothing else, to all pods of its
 * application. Applied by whoever asks, and the same for the same rules.
 * @throws ProviderError `invalid` for a source that is no block of addresses.
 */
export function networkPolicyFor({ region, name, application, rules }: Firewall): Draft<'NetworkPolicy'> {
  const labels = {
    [LABELS.firewall]: name,
    [LABELS.application]: application,
    [APP_LABELS.name]: application,
    [APP_LABELS.managedBy]: MANAGED_BY,
  };
  const body = {
    metadata: {
      namespace: region,
      name,
      labels,
      // A range from port 0 and the order of rules are not the policy's to say.
      annotations: { [ANNOTATIONS.rules]: JSON.stringify(rules) },
    },
    spec: {
      podSelector: { matchLabels: { [LABELS.application]: application } },
      policyTypes: ['Ingress'],
      ingress: rules.map(ingressFor),
    },
  };
  // The client's type names the field `_from`; the API's name is `from`.
  return body;
}

function ingressFor({ protocol, fromPort, toPort, source }: Rule) {
  if (!isBlock(source))
    throw new ProviderError(
      'invalid',
      `"${source}" is no source for a rule: write a block of addresses, such as 10.0.0.0/8`,
    );
  const from = [{ ipBlock: { cidr: source } }];
  const first = Math.max(1, fromPort);
  if (first > toPort || toPort > LAST_PORT)
    throw new ProviderError('invalid', `${fromPort}–${toPort} is no range of ports within 0–${LAST_PORT}`);
  const all = first === 1 && toPort === LAST_PORT;
  const ends = toPort > first ? { endPort: toPort } : {};
  return { from, ports: [{ protocol: protocol.toUpperCase(), ...(all ? {} : { port: first, ...ends }) }] };
}

function isBlock(source: string): boolean {
  const [address = '', bits, ...more] = source.split('/');
  const version = isIP(address);
  return (
    version !== 0 &&
    more.length === 0 &&
    /^\d{1,3}$/.test(bits ?? '') &&
    Number(bits) <= (version === 4 ? 32 : 128)
  );
}

/** What a NetworkPolicy lets in. Ours says it in the words that it was asked for. */
export function firewallOf(account: string, policy: NetworkPolicy): Firewall {
  const { metadata = {} } = policy;
  const name = metadata.name ?? '';
  const asked =
    metadata.labels?.[LABELS.firewall] === name
      ? z.array(firewallRuleSchema).safeParse(jsonIn(metadata.annotations?.[ANNOTATIONS.rules]))
      : null;
  return {
    account,
    region: metadata.namespace ?? '',
    name,
    application:
      metadata.labels?.[LABELS.application] ?? saidBy(metadata).application ?? guarded(policy) ?? name,
    rules: asked?.success ? asked.data : rulesIn(policy),
  };
}

/** The application whose pods the policy is for, by the labels that it selects. */
function guarded({ spec }: NetworkPolicy): string | null {
  const selected = spec?.podSelector?.matchLabels ?? {};
  return selected[APP_LABELS.name] ?? selected.app ?? null;
}

function rulesIn({ spec }: NetworkPolicy): Rule[] {
  return (spec?.ingress ?? []).flatMap((ingress) => {
    // The API's name of the field is `from`.
    const { from } = ingress as { from?: Peer[] };
    const sources = from && from.length > 0 ? from.map(sourceOf) : [ANYWHERE];
    const ports = ingress.ports && ingress.ports.length > 0 ? ingress.ports : [{}];
    return sources.flatMap((source) => ports.flatMap((port) => ruleOf(port, source)));
  });
}

function ruleOf(
  { protocol = 'TCP', port, endPort }: { protocol?: string; port?: unknown; endPort?: number },
  source: string,
): Rule[] {
  const spoken = protocol.toLowerCase();
  // SCTP, and ports that only a container's own name tells, are beyond the words of a rule.
  if (spoken !== 'tcp' && spoken !== 'udp') return [];
  if (port === undefined) return [{ protocol: spoken, fromPort: 0, toPort: LAST_PORT, source }];
  if (typeof port !== 'number') return [];
  return [{ protocol: spoken, fromPort: port, toPort: endPort ?? port, source }];
}

/** A block of addresses, or whose pods it means. */
function sourceOf({ ipBlock, namespaceSelector, podSelector }: Peer): string {
  if (ipBlock)
    return ipBlock.except?.length ? `${ipBlock.cidr} except ${ipBlock.except.join(', ')}` : ipBlock.cidr;
  const said = [
    ...(namespaceSelector ? [`namespaces ${labelsIn(namespaceSelector)}`] : []),
    ...(podSelector ? [`pods ${labelsIn(podSelector)}`] : []),
  ];
  return said.join(', ') || ANYWHERE;
}

function labelsIn({ matchLabels = {}, matchExpressions = [] }: NonNullable<Peer['podSelector']>): string {
  const said = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) =>
      `${key} ${operator} ${values.join('|')}`.trim(),
    ),
  ];
  return said.join(', ') || 'all';
}
