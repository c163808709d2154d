import { loadYaml } from '@kubernetes/client-node';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { replicaSetFor } from '@/server/providers/kubernetes/verbs/group-objects';
import { shown } from '@/server/providers/kubernetes/verbs/preview-server-group';
import { ANNOTATIONS } from '@/server/providers/kubernetes/words/labels';

it('shows an object without the API’s own books and without any value of a variable', () => {
  const yaml = shown('apps/v1', 'ReplicaSet', {
    metadata: {
      name: 'shop-v000',
      uid: 'u',
      resourceVersion: '7',
      creationTimestamp: 'now',
      annotations: { [ANNOTATIONS.operations]: '[]', kept: 'yes' },
    },
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: 'main',
              env: [
                { name: 'PASSWORD', value: 'secret' },
                { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'shop', key: 'token' } } },
              ],
            },
          ],
          initContainers: [{ name: 'first', env: [{ name: 'PASSWORD', value: 'secret' }] }],
        },
      },
    },
    status: { replicas: 0 },
  });
  expect(yaml).not.toMatch(/secret\b(?!KeyRef)|uid|resourceVersion|creationTimestamp|operations|status/);
  expect(yaml).toContain('kept: ');
  expect(yaml.match(/value: \(set\)/g)).toHaveLength(2);
  expect(yaml).toContain('secretKeyRef');
});

type Kept = Parameters<typeof replicaSetFor>[2];

const KEYS = ['GREETING', 'PORT', 'cluster', 'env', 'value'];
const words = fc.constantFrom('cluster', 'shop-cluster', 'metadata', 'ReplicaSet', 'value', '8080', '(set)');
const values = fc.tuple(...KEYS.map(() => fc.oneof(words, fc.string())));
const MAIN = { name: 'main', env: [{ name: 'cluster', value: 'kept' }], args: ['cluster'] };
const templates = fc.constantFrom<Kept>(null, {
  metadata: { labels: { env: 'cluster' } },
  spec: { containers: [MAIN] },
});

function previewOf(config: Record<string, string>, kept: Kept) {
  const artifact = { name: 'shop', version: '1.0.0', digest: `sha256:${'1'.repeat(64)}` };
  const place = { region: 'shop', application: 'shop', cluster: 'shop-cluster', name: 'shop-cluster-v000' };
  const size = { capacity: { min: 1, desired: 2, max: 4 }, loadBalancers: ['shop-cluster'], enabled: true };
  const platform = { config: { port: 8080, namespaces: ['shop'] } };
  const draft = replicaSetFor(platform, { ...place, ...size, artifact, config }, kept, new Date(0));
  return { draft, text: shown('apps/v1', 'ReplicaSet', draft) };
}

it('hides the values of variables by their place: nothing else is touched, whatever they are', () => {
  fc.assert(
    fc.property(values, values, templates, (some, others, kept) => {
      const configOf = (given: readonly string[]) =>
        Object.fromEntries(KEYS.map((key, at) => [key, given[at] ?? '']));
      const { draft, text } = previewOf(configOf(some), kept);
      expect(previewOf(configOf(others), kept).text).toBe(text);
      // As JSON has it, like the text: without what is not defined.
      const whole = JSON.parse(JSON.stringify({ apiVersion: 'apps/v1', kind: 'ReplicaSet', ...draft }));
      delete whole.metadata.annotations[ANNOTATIONS.createdAt];
      for (const variable of whole.spec.template.spec.containers[0].env) variable.value = '(set)';
      expect(loadYaml(text)).toEqual(whole);
    }),
  );
});
