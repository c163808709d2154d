import type { AccountCheck } from '@/server/domain/account-check';
import { KINDS, type KindName } from '@/server/providers/kubernetes/client/api';
import { eachBounded } from '@/server/providers/kubernetes/verbs/bounded';
import { checkGateway } from '@/server/providers/kubernetes/verbs/check-gateway';
import { type Platform, usesGateway } from '@/server/providers/kubernetes/verbs/platform';
import { ProviderError } from '@/server/providers/provider';

interface Need {
  readonly kind: KindName;
  readonly verbs: readonly string[];
  readonly subresource?: string;
  /** What does not work without it. */
  readonly for: string;
}

const NEEDS: readonly Need[] = [
  {
    kind: 'ReplicaSet',
    verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
    for: 'server groups',
  },
  { kind: 'Pod', verbs: ['get', 'list', 'watch', 'patch'], for: 'instances and their traffic' },
  { kind: 'Pod', verbs: ['create'], subresource: 'eviction', for: 'terminating instances' },
  { kind: 'Pod', verbs: ['get'], subresource: 'log', for: 'logs of instances and jobs' },
  { kind: 'PodTemplate', verbs: ['get'], for: 'how containers of the application run' },
  { kind: 'Service', verbs: ['get', 'list', 'watch', 'create', 'patch'], for: 'load balancers' },
  { kind: 'EndpointSlice', verbs: ['list', 'watch'], for: 'seeing where requests go' },
  {
    kind: 'PodDisruptionBudget',
    verbs: ['get', 'create', 'patch'],
    for: 'keeping drains from taking all instances',
  },
  {
    kind: 'HorizontalPodAutoscaler',
    verbs: ['list', 'create', 'patch'],
    for: 'autoscalers of server groups',
  },
  { kind: 'NetworkPolicy', verbs: ['get', 'list', 'watch', 'create', 'patch'], for: 'firewalls' },
  { kind: 'Job', verbs: ['get', 'list', 'watch', 'create', 'patch'], for: 'jobs' },
];
const ROUTES: Need = {
  kind: 'HTTPRoute',
  verbs: ['get', 'list', 'watch', 'create', 'patch'],
  for: 'weights of requests',
};
const AT_ONCE = 8;

/** Whether the cluster lets us in, has what the account names, and grants what the verbs need. */
export async function checkAccess(platform: Platform, signal?: AbortSignal): Promise<AccountCheck> {
  const { api, config } = platform;
  const facts: string[] = [];
  const problems: string[] = [];
  const cluster = await unlessForbidden(() => api.clusterId(signal));
  const version = await api.version(signal);
  facts.push(`The cluster ${cluster === null ? '' : `${cluster} `}answers: Kubernetes ${version}.`);
  const routed = await usesGateway(platform);
  if (routed) facts.push(`Requests are shared by weight, behind Gateway ${config.gateway?.name}.`);
  else facts.push('Requests are shared by the number of instances.');
  if (config.gateway && !routed)
    problems.push(
      `The cluster does not know HTTPRoute: install the Gateway API, or take Gateway ${config.gateway.name} out of the account.`,
    );
  const entry: Awaited<ReturnType<typeof checkGateway>> = routed
    ? await checkGateway(platform, signal)
    : { facts: [], problems: [] };
  facts.push(...entry.facts);
  problems.push(...entry.problems);
  const needs = (routed ? [...NEEDS, ROUTES] : NEEDS).flatMap((need) =>
    config.namespaces.flatMap((namespace) => need.verbs.map((verb) => ({ need, verb, namespace }))),
  );
  const missing = new Map<string, Map<string, string[]>>();
  await eachBounded(needs, AT_ONCE, async ({ need, verb, namespace }) => {
    if (await api.mayI(verb, need.kind, namespace, need.subresource)) return;
    const sentences = missing.get(namespace) ?? new Map<string, string[]>();
    const sentence = sentenceOf(need, namespace);
    missing.set(namespace, sentences.set(sentence, [...(sentences.get(sentence) ?? []), verb]));
  });
  const wanted = needs.length / config.namespaces.length;
  const shut = new Set(
    [...missing]
      .filter(([, sentences]) => [...sentences.values()].flat().length === wanted)
      .map(([namespace]) => namespace),
  );
  const seen = await lookFor(platform, new Set(missing.keys()), signal);
  facts.push(...seen.facts);
  problems.push(...seen.problems);
  for (const [namespace, sentences] of missing) {
    // Where there is no namespace nothing is granted, which its own sentence says.
    if (seen.absent.has(namespace) || (seen.unseen.has(namespace) && shut.has(namespace))) continue;
    for (const [sentence, verbs] of sentences)
      problems.push(`The account may not ${verbs.join(', ')} ${sentence}`);
  }
  return { ok: problems.length === 0, facts, problems };
}

/**
 * Says of a namespace that it is there only when it was seen.
 * @param limited those where rights are missing, as they are where there is no namespace to be granted them in.
 */
async function lookFor(platform: Platform, limited: ReadonlySet<string>, signal?: AbortSignal) {
  const there: string[] = [];
  const absent = new Set<string>();
  const unseen = new Set<string>();
  const facts: string[] = [];
  const problems: string[] = [];
  await eachBounded(platform.config.namespaces, AT_ONCE, async (namespace) => {
    const isThere = await namespaceThere(platform, namespace, signal);
    if (isThere) there.push(namespace);
    else if (isThere === false) {
      absent.add(namespace);
      problems.push(`There is no namespace ${namespace}: create it, or take it out of the account.`);
    } else if (limited.has(namespace)) {
      unseen.add(namespace);
      problems.push(`There is no namespace ${namespace}, or this account may not see it.`);
    } else facts.push(`Whether there is a namespace ${namespace} could not be looked at.`);
  });
  if (there.length > 0)
    facts.unshift(
      `The cluster has the ${there.length === 1 ? 'namespace' : 'namespaces'} ${there.toSorted().join(', ')}.`,
    );
  return { facts, problems, absent, unseen };
}

function sentenceOf({ kind, subresource, for: purpose }: Need, namespace: string): string {
  const { group, plural } = KINDS[kind];
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  return `${group === '' ? resource : `${resource}.${group}`} in namespace ${namespace}, which is for ${purpose}.`;
}

/** Null where we may not look. */
async function namespaceThere({ api }: Platform, name: string, signal?: AbortSignal) {
  return unlessForbidden(async () => (await api.get('Namespace', { namespace: '', name }, signal)) !== null);
}

async function unlessForbidden<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'unauthorized') return null;
    throw error;
  }
}
