import { expect, it } from 'vitest';
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
