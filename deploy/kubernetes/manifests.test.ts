import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { V1Container, V1PolicyRule, V1Probe } from '@kubernetes/client-node';
import { Registry } from 'prom-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  allFiles,
  containersOf,
  FOLDER,
  filesOf,
  isWorkload,
  type Manifest,
  readFile,
  readKustomization,
  type Workload,
} from '@/deploy/kubernetes/testing/manifests';
import { serveMetrics } from '@/server/engine/metrics';
import { environmentSchema, readEnvironment } from '@/server/env';
import { KINDS } from '@/server/providers/kubernetes/client/api';
import { kubernetesConfigSchema } from '@/server/providers/kubernetes/config';
import { BUNDLES } from '@/server/supervisor/setup/bundles.mjs';

const ROOT = path.resolve(FOLDER, '../..');
const base = readKustomization('base');
const workloads = base.filter(isWorkload);
const everything = [
  ...base,
  ...['ingress', 'http-route', 'network-policy'].flatMap((name) => readKustomization(`components/${name}`)),
];
const dockerfile = readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8');
const config = settings();

function settings(): Record<string, string> {
  const found = base.find(({ kind }) => kind === 'ConfigMap');
  // A ConfigMap holds text only.
  return { ...(found?.data as Record<string, string>) };
}

function workload(name: string): Workload {
  const found = workloads.find(({ metadata }) => metadata.name === name);
  if (!found) throw new Error(`there is no Deployment ${name}`);
  return found;
}

function probesOf(container: V1Container): V1Probe[] {
  return [container.startupProbe, container.readinessProbe, container.livenessProbe].filter(
    (probe) => probe !== undefined,
  );
}

function isSubset(some: object = {}, all: object = {}): boolean {
  const entries: [string, unknown][] = Object.entries(all);
  return Object.entries(some).every(([key, value]) =>
    entries.some(([one, other]) => one === key && other === value),
  );
}

/** The Deployments whose pods a selector chooses. */
function chosen(labels: object | undefined): string[] {
  return workloads
    .filter(({ spec }) => isSubset(labels, spec.template.metadata?.labels))
    .map(({ metadata }) => metadata.name);
}

describe('the manifests', () => {
  it('are all part of a kustomization, but for what is applied to namespaces of others', () => {
    const used = new Set(
      [
        'access',
        'base',
        'example',
        'components/ingress',
        'components/http-route',
        'components/network-policy',
      ]
        .map((folder) => [path.join(FOLDER, folder, 'kustomization.yaml'), ...filesOf(folder)])
        .flat(),
    );
    expect(allFiles().filter((file) => !used.has(file))).toEqual([
      path.join(FOLDER, 'access/role-binding.yaml'),
    ]);
  });

  it('name each object once, in the namespace of Signalbox or in none', () => {
    const names = everything.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names).toEqual([...new Set(names)]);
    const [home] = base.filter(({ kind }) => kind === 'Namespace');
    const namespaced = everything.filter(({ kind }) => !/^(Namespace|ClusterRole(Binding)?)$/.test(kind));
    for (const { kind, metadata } of namespaced)
      expect(metadata.namespace, `${kind} ${metadata.name}`).toBe(home?.metadata.name);
  });

  it('set only variables that there are, to values that are right', () => {
    const known = Object.keys(environmentSchema.shape);
    expect(Object.keys(config).filter((name) => !known.includes(name))).toEqual([]);
    const secrets = { DATABASE_URL: 'postgres://db/signalbox', SIGNALBOX_SECRET: 'x'.repeat(32) };
    expect(readEnvironment({ ...config, ...secrets })).toMatchObject({
      SIGNALBOX_DEMO: false,
      SIGNALBOX_HOST: '0.0.0.0',
    });
  });

  it('hold no secret', () => {
    expect(everything.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    for (const container of workloads.flatMap(containersOf)) {
      expect(container.env).toBeUndefined();
      expect(container.envFrom).toEqual([
        { configMapRef: { name: 'signalbox' } },
        { secretRef: { name: 'signalbox' } },
      ]);
    }
  });

  it('choose the pods of one workload each', () => {
    for (const { metadata, spec } of workloads)
      expect(chosen(spec.selector.matchLabels)).toEqual([metadata.name]);
    const selecting: { readonly [kind: string]: (spec: never) => object | undefined } = {
      Service: (spec: { selector: object }) => spec.selector,
      PodDisruptionBudget: (spec: { selector: { matchLabels: object } }) => spec.selector.matchLabels,
      NetworkPolicy: (spec: { podSelector: { matchLabels: object } }) => spec.podSelector.matchLabels,
    };
    const checked = everything.filter(({ kind }) => kind in selecting);
    expect(checked).toHaveLength(5);
    // Each kind has its own shape, which the table knows.
    for (const { kind, metadata, spec } of checked)
      expect(chosen(selecting[kind]?.(spec as never)), `${kind} ${metadata.name}`).toHaveLength(1);
  });

  it('leave a replica of each when nodes are drained', () => {
    for (const { metadata, spec } of workloads) {
      const budget = base.find((one) => one.kind === 'PodDisruptionBudget' && sameName(one, metadata.name));
      expect(budget?.spec).toMatchObject({ maxUnavailable: 1 });
      expect(spec.replicas).toBeGreaterThan(1);
      expect(spec.strategy?.rollingUpdate?.maxUnavailable).toBe(0);
    }
  });

  it('bring people to the port of the web', () => {
    const service = base.find(({ kind }) => kind === 'Service');
    expect(service?.spec).toMatchObject({ ports: [{ name: 'http', port: 80, targetPort: 'http' }] });
    const [ingress] = readKustomization('components/ingress');
    expect(JSON.stringify(ingress)).toContain('{"name":"signalbox","port":{"name":"http"}}');
    const [route] = readKustomization('components/http-route');
    expect(route?.spec).toMatchObject({ rules: [{ backendRefs: [{ name: 'signalbox', port: 80 }] }] });
  });
});

function sameName({ metadata }: Manifest, name: string): boolean {
  return metadata.name === name;
}

describe.each(workloads.map((one) => [one.metadata.name, one] as const))('%s', (_name, deployment) => {
  const pod = deployment.spec.template.spec;
  const [main] = pod.containers;
  if (!main) throw new Error('a Deployment has a container');

  it('runs programs that are built, from the image alone', () => {
    for (const { args, command, image } of containersOf(deployment)) {
      expect(image).toBe('signalbox');
      expect(command).toBeUndefined();
      expect(Object.keys(BUNDLES).map((name) => `dist/${name}.mjs`)).toEqual(
        expect.arrayContaining(args ?? []),
      );
    }
  });

  it('brings the database up to date before it starts', () => {
    expect(pod.initContainers?.map(({ args }) => args)).toEqual([['dist/migrate.mjs']]);
  });

  it('listens where it is asked, and says so to Prometheus', () => {
    const port = main.name === 'web' ? config.PORT : config.SIGNALBOX_WORKER_METRICS_PORT;
    expect(main.ports?.map((one) => String(one.containerPort))).toEqual([port]);
    const [name] = main.ports?.map((one) => one.name) ?? [];
    for (const { httpGet } of probesOf(main)) expect(httpGet?.port).toBe(name);
    expect(deployment.spec.template.metadata?.annotations).toMatchObject({
      'prometheus.io/port': port,
      'prometheus.io/path': '/metrics',
    });
  });

  it('may write to its own folders only, and is nobody', () => {
    for (const { name, securityContext } of containersOf(deployment))
      expect(securityContext, name).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10_001 });
    const written = main.volumeMounts?.filter(({ readOnly }) => !readOnly) ?? [];
    expect(written.map(({ mountPath }) => mountPath)).toContain(config.SIGNALBOX_DATA);
    for (const { name } of written)
      expect(pod.volumes?.find((volume) => volume.name === name)).toEqual({ name, emptyDir: {} });
  });

  it('has time to end by itself', () => {
    // What the processes give themselves after SIGTERM: web.ts and worker.ts.
    const own = 5;
    const before = main.lifecycle?.preStop?.sleep?.seconds ?? 0;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(before + own);
  });
});

describe('the probes', () => {
  it('ask the web at a door that it has, and that asks for no database', () => {
    const [web] = workload('signalbox-web').spec.template.spec.containers;
    const paths = new Set(web && probesOf(web).map(({ httpGet }) => httpGet?.path));
    expect([...paths]).toEqual(['/api/health/live']);
    const route = path.join(ROOT, 'app/api/health/live/route.ts');
    expect(existsSync(route) && readFileSync(route, 'utf8')).toContain('handleLive');
  });

  it('ask a worker at doors that it has, of which only readiness knows of the database', async () => {
    const [worker] = workload('signalbox-worker').spec.template.spec.containers;
    const server = serveMetrics(new Registry(), { port: 0, host: '127.0.0.1', isReady: () => false });
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : null;
    const ask = async (probe: V1Probe | undefined) =>
      (await fetch(`http://127.0.0.1:${port}${probe?.httpGet?.path}`)).status;
    expect(await ask(worker?.startupProbe)).toBe(200);
    expect(await ask(worker?.livenessProbe)).toBe(200);
    expect(await ask(worker?.readinessProbe)).toBe(503);
  });
});

describe('the image', () => {
  it('runs as the user that the manifests name, with the same program first', () => {
    expect(dockerfile).toContain('USER 10001:10001');
    expect(dockerfile).toContain('CMD ["dist/web.mjs"]');
    expect(dockerfile).toContain(`EXPOSE ${config.PORT} ${config.SIGNALBOX_WORKER_METRICS_PORT}`);
  });

  it('has what the programs look for beside them', () => {
    for (const file of [
      'package.json',
      'package-lock.json',
      'next.config.mjs',
      'db/migrations',
      'cli/signalbox.mjs',
    ]) {
      expect(dockerfile).toContain(`/app/${file}`);
      expect(existsSync(path.join(ROOT, file)), file).toBe(true);
    }
  });
});

describe('the roles', () => {
  const rules = ['access/deployer.yaml', 'access/cluster.yaml'].flatMap(readFile).flatMap(rulesOf);

  it('name neither secrets, nor ways into containers, nor roles, nor everything', () => {
    const text = JSON.stringify(rules);
    for (const word of ['secret', 'exec', 'attach', 'portforward', 'proxy', 'serviceaccounts', '*'])
      expect(text).not.toContain(word);
    for (const { apiGroups = [], verbs } of rules) {
      expect(apiGroups).not.toContain('rbac.authorization.k8s.io');
      for (const verb of ['escalate', 'bind', 'impersonate', 'deletecollection'])
        expect(verbs).not.toContain(verb);
    }
  });

  it('name only kinds that the provider knows', () => {
    const known = Object.values(KINDS).map(({ group, plural }) => `${group}/${plural}`);
    const named = rules.flatMap(({ apiGroups = [], resources = [] }) =>
      apiGroups.flatMap((group) => resources.map((resource) => `${group}/${resource.split('/')[0]}`)),
    );
    expect(named.filter((one) => !known.includes(one))).toEqual([]);
    expect(known.join()).not.toContain('secret');
  });
});

function rulesOf(manifest: Manifest): V1PolicyRule[] {
  // The shape of a ClusterRole, which the API server checks in deployment.conformance.ts.
  return (manifest.rules ?? []) as V1PolicyRule[];
}

describe('KUBERNETES.md', () => {
  const text = readFileSync(path.join(ROOT, 'KUBERNETES.md'), 'utf8');

  it('has every setting of an account', () => {
    const table = text.split('| setting | meaning |')[1]?.split('\n\n')[0] ?? '';
    const named = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(Object.keys(kubernetesConfigSchema.shape).toSorted());
  });

  it('names files and folders that there are', () => {
    for (const [, file = ''] of text.matchAll(/(deploy\/kubernetes[\w./-]*\w)/g))
      expect(existsSync(path.join(ROOT, file)), file).toBe(true);
  });
});

describe('the binding for a namespace', () => {
  it('gives the account of the base the role of the provider', () => {
    const [binding] = readFile('access/role-binding.yaml');
    const account = base.find(({ kind }) => kind === 'ServiceAccount');
    expect(binding).toMatchObject({
      kind: 'RoleBinding',
      roleRef: { kind: 'ClusterRole', name: 'signalbox-deployer' },
      subjects: [
        { kind: 'ServiceAccount', name: account?.metadata.name, namespace: account?.metadata.namespace },
      ],
    });
    expect(binding?.metadata.namespace).toBeUndefined();
    for (const { spec } of workloads)
      expect(spec.template.spec.serviceAccountName).toBe(account?.metadata.name);
  });
});
