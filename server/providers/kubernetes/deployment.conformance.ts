import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { load, loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  FOLDER,
  isWorkload,
  type Manifest,
  readFile,
  readKustomization,
} from '@/deploy/kubernetes/testing/manifests';
import { makeNamespace, testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { itWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import { hasKubectl } from '@/server/providers/kubernetes/testing/kubectl';

const cluster = testCluster();
const { rest, nodes } = cluster;
let namespace: Awaited<ReturnType<typeof makeNamespace>>;

beforeAll(async () => {
  namespace = await makeNamespace(rest);
  // As the namespace that is shipped has them: the API server refuses pods that may do more.
  const shipped = readFile('access/service-account.yaml').find(({ kind }) => kind === 'Namespace');
  const labels = shipped?.metadata.labels;
  await rest.must('PATCH', `/api/v1/namespaces/${namespace.name}`, { metadata: { labels } });
});
afterAll(() => namespace.remove());

/** In the namespace of this test, so that a Signalbox that runs in the cluster is left alone. */
function moved(manifests: readonly Manifest[]): Manifest[] {
  const text = JSON.stringify(manifests.filter(({ kind }) => kind !== 'Namespace'));
  const here = text.replaceAll('"namespace":"signalbox"', `"namespace":"${namespace.name}"`);
  // The same objects, elsewhere.
  const objects = JSON.parse(here) as Manifest[];
  return objects.map(({ metadata, ...one }) => {
    if (metadata.namespace !== undefined) return { ...one, metadata };
    const name = `${namespace.name}-${metadata.name}`;
    return { ...one, metadata: { ...metadata, name, ownerReferences: [namespace.owner] } };
  });
}

function pathOf({ apiVersion, kind, metadata }: Manifest): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const within = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  const plural = kind.toLowerCase().replace(/(s)?(y)?$/, (_, s, y) => (s ? 'ses' : y ? 'ies' : 's'));
  return `${root}${within}/${plural}/${metadata.name}`;
}

const STRICT = 'fieldManager=test&force=true&fieldValidation=Strict';

describe('the manifests of Signalbox', () => {
  it('are taken by an API server, field by field', async () => {
    const routes = cluster.routes ? ['http-route'] : [];
    const components = ['ingress', 'network-policy', ...routes].map((name) => `components/${name}`);
    const all = ['base', ...components];
    const objects = moved(all.flatMap(readKustomization));
    expect(objects.length).toBeGreaterThan(10);
    for (const object of objects)
      await rest.must('APPLY', `${pathOf(object)}?${STRICT}&dryRun=All`, JSON.stringify(object));
  });

  it('are refused with a field that there is not, so that the test above can fail', async () => {
    const budget = moved(readKustomization('base')).find(({ kind }) => kind === 'PodDisruptionBudget');
    const wrong = { ...budget, spec: { minimum: 3 } };
    const answer = await rest.request(
      'APPLY',
      `${pathOf(wrong as Manifest)}?${STRICT}&dryRun=All`,
      JSON.stringify(wrong),
    );
    expect(JSON.stringify(answer.body)).toContain('.spec.minimum: field not declared in schema');
  });

  // Real nodes would need an image of Signalbox and a Postgres.
  itWhere(nodes === 'played')('come up, serve from all replicas, and lose one at a time', async () => {
    const objects = moved(readKustomization('base'));
    for (const object of objects) {
      await rest.must('APPLY', `${pathOf(object)}?${STRICT}`, JSON.stringify(object));
    }
    for (const object of objects.filter(isWorkload))
      await vi.waitFor(
        async () =>
          expect((await rest.request('GET', pathOf(object))).body).toMatchObject({
            status: { availableReplicas: object.spec.replicas },
          }),
        { timeout: 30_000, interval: 100 },
      );
    const within = `/namespaces/${namespace.name}`;
    await vi.waitFor(
      async () => {
        const { items } = await rest.must<{ items: { endpoints?: object[]; ports?: object[] }[] }>(
          'GET',
          `/apis/discovery.k8s.io/v1${within}/endpointslices?labelSelector=kubernetes.io/service-name%3Dsignalbox`,
        );
        expect(items.flatMap(({ endpoints = [] }) => endpoints)).toHaveLength(2);
        expect(items[0]?.ports).toMatchObject([{ port: 3000 }]);
      },
      { timeout: 20_000, interval: 100 },
    );
    for (const budget of objects.filter(({ kind }) => kind === 'PodDisruptionBudget'))
      await vi.waitFor(
        async () =>
          expect((await rest.request('GET', pathOf(budget))).body).toMatchObject({
            status: { disruptionsAllowed: 1, expectedPods: 2 },
          }),
        { timeout: 20_000, interval: 100 },
      );
  });

  itWhere(hasKubectl())('are put together by kustomize as they are read here', () => {
    const rendered = (folder: string) =>
      // kustomize writes the objects that it was given.
      loadAll(
        execFileSync('kubectl', ['kustomize', folder], { cwd: FOLDER, encoding: 'utf8' }),
      ) as Manifest[];
    const byName = (objects: readonly Manifest[]) =>
      objects.toSorted((a, b) => pathOf(a).localeCompare(pathOf(b)));
    expect(byName(rendered('base'))).toEqual(byName(readKustomization('base')));

    const example = rendered('example');
    const images = example.filter(isWorkload).map(({ spec }) => spec.template.spec.containers[0]?.image);
    // A kustomization of ours.
    const { images: [wanted] = [] } = load(
      readFileSync(path.join(FOLDER, 'example/kustomization.yaml'), 'utf8'),
    ) as { images?: { newName: string; newTag: string }[] };
    expect(new Set(images)).toEqual(new Set([`${wanted?.newName}:${wanted?.newTag}`]));
    expect(example.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Ingress', 'NetworkPolicy']));
  });
});
