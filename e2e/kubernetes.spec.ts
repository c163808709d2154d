import { randomBytes } from 'node:crypto';
import { expect, test } from '@/e2e/support/fixtures';
import { startControlPlane } from '@/server/providers/kubernetes/testing/control-plane';
import { builtPrograms } from '@/server/providers/kubernetes/testing/programs';
import { BEHAVIOUR_ANNOTATION } from '@/server/providers/kubernetes/testing/stages';

/** Where the conformance tests of Kubernetes have run; elsewhere there is nothing to show it with. */
const binaries = await builtPrograms();
const NAMESPACE = 'default';

if (binaries !== null)
  test('a change of a pod is on an open page without a reload', async ({ page, stack, api, signedIn: _ }) => {
    // A control plane is started for it.
    test.slow();
    const id = randomBytes(3).toString('hex');
    const [account, application] = [`cluster-${id}`, `kiosk${id}`];
    const plane = await startControlPlane({ binaries });
    try {
      const { rest } = plane;
      const group = `/apis/apps/v1/namespaces/${NAMESPACE}/replicasets/${application}`;
      const selector = { matchLabels: { app: application } };
      await rest.must('POST', `/apis/apps/v1/namespaces/${NAMESPACE}/replicasets`, {
        metadata: { name: application, labels: selector.matchLabels },
        spec: {
          replicas: 2,
          selector,
          template: {
            metadata: { labels: selector.matchLabels },
            spec: { containers: [{ name: 'main', image: 'kiosk:1' }] },
          },
        },
      });
      const config = { kubeconfig: plane.kubeconfig, namespaces: [NAMESPACE] };
      await api.must('PUT', `/api/v1/accounts/${account}`, { provider: 'kubernetes', config });
      await expect
        .poll(async () => (await api.send('GET', `/api/v1/applications/${application}/clusters`)).status)
        .toBe(200);
      await page.goto(`${stack.url}/applications/${application}`);
      const squares = page.locator(`ul[aria-label*="${application}"]`).first().getByRole('button');
      await expect(squares).toHaveCount(2);
      // Gone, were the page loaded again.
      await page.evaluate(() => document.body.setAttribute('data-seen', 'before'));

      const of = `labelSelector=app=${application}`;
      const pods = `/api/v1/namespaces/${NAMESPACE}/pods`;
      const { items } = await rest.must<{ items: { metadata?: { name?: string } }[] }>(
        'GET',
        `${pods}?${of}`,
      );
      const name = items[0]?.metadata?.name ?? '';
      const square = page.locator(`button[title^="${name} "]`);
      await expect(square).toHaveAttribute('title', /· healthy/);
      const annotate = (value: string | null) =>
        rest.must('PATCH', `${pods}/${name}`, {
          metadata: { annotations: { [BEHAVIOUR_ANNOTATION]: value } },
        });
      await annotate('never-ready');
      await expect(square).not.toHaveAttribute('title', /· healthy/);
      await annotate(null);
      await expect(square).toHaveAttribute('title', /· healthy/);
      await rest.must('PATCH', group, { spec: { replicas: 4 } });
      await expect(squares).toHaveCount(4);
      await expect(page.locator('body')).toHaveAttribute('data-seen', 'before');
    } finally {
      await api.send('DELETE', `/api/v1/accounts/${account}`);
      await plane.stop();
    }
  });
