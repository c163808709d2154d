import { expect, it } from 'vitest';
import type { KubernetesApi } from '@/server/providers/kubernetes/client/api';
import { kubernetesConfigSchema } from '@/server/providers/kubernetes/config';
import { checkAccess } from '@/server/providers/kubernetes/verbs/check';
import { ProviderError } from '@/server/providers/provider';

interface Cluster {
  /** Namespaces that are there; null when we may not look. */
  readonly there: readonly string[] | null;
  readonly mayI: (verb: string, kind: string, namespace: string) => boolean;
}

function problemsIn({ there, mayI }: Cluster, namespaces: readonly string[]) {
  const api = {
    clusterId: () => Promise.resolve('7f56764c'),
    version: () => Promise.resolve('v1.35.4'),
    mayI: (verb: string, kind: string, namespace: string) => Promise.resolve(mayI(verb, kind, namespace)),
    get: (_kind: string, { name }: { name: string }) =>
      there === null
        ? Promise.reject(new ProviderError('unauthorized', 'namespaces are forbidden'))
        : Promise.resolve(there.includes(name) ? { metadata: { name } } : null),
  };
  const config = kubernetesConfigSchema.parse({ namespaces });
  // Without a Gateway a check asks for nothing else.
  const platform = { account: 'prod', config, api: api as unknown as KubernetesApi };
  return checkAccess(platform).then(({ problems }) => problems);
}

const onlyIn = (granted: string) => (_verb: string, _kind: string, namespace: string) =>
  namespace === granted;

it('says in one sentence that a namespace is not there, and not what is not granted in it', async () => {
  expect(await problemsIn({ there: ['shop'], mayI: onlyIn('shop') }, ['shop', 'nope'])).toEqual([
    'There is no namespace nope: create it, or take it out of the account.',
  ]);
});

it('says so in one sentence too where it may not look and nothing is granted', async () => {
  expect(await problemsIn({ there: null, mayI: onlyIn('shop') }, ['shop', 'nope'])).toEqual([
    'There is no namespace nope, or this account may not see it.',
  ]);
});

it('names what is missing in a namespace that is there, or that grants something', async () => {
  const cluster = { mayI: (_: string, kind: string) => kind !== 'Job' };
  const jobs =
    'The account may not get, list, watch, create, patch jobs.batch in namespace shop, which is for jobs.';
  expect(await problemsIn({ ...cluster, there: ['shop'] }, ['shop'])).toEqual([jobs]);
  expect(await problemsIn({ ...cluster, there: null }, ['shop'])).toEqual([
    'There is no namespace shop, or this account may not see it.',
    jobs,
  ]);
});
