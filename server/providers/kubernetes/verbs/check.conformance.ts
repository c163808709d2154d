import { expect, it } from 'vitest';
import { connect } from '@/server/providers/kubernetes/client/connect';
import { type KubernetesConfig, kubernetesConfigSchema } from '@/server/providers/kubernetes/config';
import { makeAccount, makeNamespace, testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { checkAccess } from '@/server/providers/kubernetes/verbs/check';

const cluster = testCluster();
const check = (config: Partial<KubernetesConfig>) => {
  const whole = kubernetesConfigSchema.parse(config);
  return checkAccess({ account: 'test', config: whole, api: connect(whole) });
};

it('says which cluster it is, and that nothing is missing', async () => {
  const namespace = await makeNamespace(cluster.rest);
  const found = await check({ kubeconfig: cluster.kubeconfig, namespaces: [namespace.name] });
  expect(found).toMatchObject({ ok: true, problems: [] });
  expect(found.facts.join(' ')).toMatch(/The cluster [-0-9a-f]{36} answers: Kubernetes v1\./);
  expect(found.facts).toContain(`The cluster has the namespace ${namespace.name}.`);
  await namespace.remove();
});

it('names the rights that are missing and what they are for, and namespaces that are not there', async () => {
  const namespace = await makeNamespace(cluster.rest);
  const rules = [
    { apiGroups: ['', 'apps', 'batch', 'policy', 'networking.k8s.io'], resources: ['*'], verbs: ['*'] },
    { apiGroups: ['autoscaling', 'discovery.k8s.io'], resources: ['*'], verbs: ['list', 'watch', 'create'] },
  ];
  const kubeconfig = await makeAccount(cluster, { namespaces: [namespace.name], rules });
  const limited = await check({ kubeconfig, namespaces: [namespace.name] });
  expect(limited.ok).toBe(false);
  expect(limited.problems).toEqual([
    `The account may not patch horizontalpodautoscalers.autoscaling in namespace ${namespace.name}, which is for autoscalers of server groups.`,
  ]);
  const nowhere = await check({ kubeconfig: cluster.kubeconfig, namespaces: ['nowhere-at-all'] });
  expect(nowhere.problems).toEqual([
    'There is no namespace nowhere-at-all: create it, or take it out of the account.',
  ]);
  expect(nowhere.facts.join(' ')).not.toContain('nowhere-at-all');
  const unseen = await check({ kubeconfig, namespaces: ['nowhere-at-all'] });
  expect(unseen.problems).toEqual(['There is no namespace nowhere-at-all, or this account may not see it.']);
  await namespace.remove();
});
