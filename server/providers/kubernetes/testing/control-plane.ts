import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Kubelet, startKubelet } from '@/server/providers/kubernetes/testing/kubelet';
import {
  freePorts,
  lastLines,
  type Program,
  startProgram,
} from '@/server/providers/kubernetes/testing/program';
import { type Rest, restOf } from '@/server/providers/kubernetes/testing/rest';
import { kwokConfig } from '@/server/providers/kubernetes/testing/stages';

/** A whole Kubernetes control plane on this machine, with kwok's nodes and pods in place of kubelets. */
export interface ControlPlane {
  /** Path of the administrator's. */
  readonly kubeconfig: string;
  /** A folder that goes with it. */
  readonly scratch: string;
  readonly rest: Rest;
  readonly programs: () => readonly Program[];
  /** As kill -9 does, and nothing else stops. */
  killApiServer(): Promise<void>;
  /** On the same port, with the same data; returns when it is ready. */
  startApiServer(): Promise<void>;
  /**
   * Throws away what was before now. The API server still has some of it in its own cache: once it has been
   * started again, lists that go on from an earlier page, and watches, are told 410.
   */
  compact(): Promise<void>;
  /** Makes it serve the kinds of other projects; returns when it does. */
  installKinds(): Promise<void>;
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** A folder with etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kwok, and crds/. */
  readonly binaries: string;
  readonly nodes?: number;
  /** Flags of the API server beside those that it always has. */
  readonly apiServer?: Readonly<Record<string, string>>;
  /** Without the kinds of other projects, until `installKinds`. */
  readonly bare?: boolean;
}

const ZONES = ['zone-a', 'zone-b', 'zone-c'];
/** Longest that a part may take to be ready, in ms: on two busy cores several of them start at once. */
const READY_MS = 100_000;
/** Every controller that has a part in what is tested; those of clouds, volumes and certificates have none. */
const CONTROLLERS = [
  'replicaset-controller',
  'deployment-controller',
  'statefulset-controller',
  'daemonset-controller',
  'job-controller',
  'cronjob-controller',
  'endpointslice-controller',
  'disruption-controller',
  'horizontal-pod-autoscaler-controller',
  'garbage-collector-controller',
  'pod-garbage-collector-controller',
  'ttl-after-finished-controller',
  'namespace-controller',
  'serviceaccount-controller',
];

/** Starts it on ports of its own; ready to take work when this returns. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-control-plane-'));
  const running: Program[] = [];
  const start = (name: string, flags: Readonly<Record<string, string>>) => {
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    const program = startProgram(path.join(options.binaries, name), args, path.join(folder, `${name}.log`));
    running.push(program);
    return program;
  };
  let kubelet: Kubelet | null = null;
  const stop = async () => {
    await kubelet?.stop();
    await Promise.all(running.map((program) => program.kill()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const api = await startApi(folder, start, options.apiServer ?? {});
    const pki = path.join(folder, 'pki');
    kubelet = await startKubelet(api.rest, {
      cert: path.join(pki, 'apiserver.crt'),
      key: path.join(pki, 'apiserver.key'),
    });
    await populate(folder, options, { ...api, kubeletPort: kubelet.port, start });
    const installKinds = () => installCrds(api.rest, path.join(options.binaries, 'crds'));
    if (!options.bare) await installKinds();
    return { ...api, scratch: folder, programs: () => running, installKinds, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Start = (name: string, flags: Readonly<Record<string, string>>) => Program;

/** etcd and the API server. */
async function startApi(folder: string, start: Start, extra: Readonly<Record<string, string>>) {
  const [client = 0, peer = 0, secure = 0] = await freePorts(3);
  const etcd = start('etcd', etcdFlags(folder, client, peer));
  const token = randomBytes(16).toString('hex');
  writeCredentials(folder, token);
  const startServer = () => start('kube-apiserver', { ...apiServerFlags(folder, client, secure), ...extra });

  let server = startServer();
  const certificate = path.join(folder, 'pki/apiserver.crt');
  await until(() => existsSync(certificate), [server, etcd]);
  const ca = readFileSync(certificate, 'utf8');
  const kubeconfig = path.join(folder, 'kubeconfig');
  const access = { server: `https://127.0.0.1:${secure}`, ca, token };
  writeFileSync(kubeconfig, kubeconfigOf(access), { mode: 0o600 });
  const rest = restOf(kubeconfig);
  const ready = () =>
    until(async () => (await rest.request('GET', '/readyz')).status === 200, [server, etcd]);
  await ready();
  return {
    kubeconfig,
    rest,
    compact: () => compact(`http://127.0.0.1:${client}`),
    killApiServer: () => server.kill(),
    startApiServer: async () => {
      await server.kill();
      server = startServer();
      await ready();
    },
  };
}

/** By etcd's HTTP door; the API server itself does so every five minutes. */
async function compact(etcd: string): Promise<void> {
  const call = async (path: string, body: object) => {
    const response = await fetch(`${etcd}${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`etcd: ${response.status} ${await response.text()}`);
    return response.json() as Promise<{ header?: { revision?: string } }>;
  };
  const { header } = await call('/v3/kv/range', { key: Buffer.from('/').toString('base64') });
  await call('/v3/kv/compaction', { revision: header?.revision, physical: true });
}

/** Controllers and nodes. */
async function populate(
  folder: string,
  options: ControlPlaneOptions,
  api: { rest: Rest; kubeconfig: string; kubeletPort: number; start: Start },
): Promise<void> {
  const { rest, kubeconfig, kubeletPort, start } = api;
  const programs = startControllers(folder, kubeconfig, kubeletPort, start);
  await addNodes(rest, options.nodes ?? 3);
  await until(() => nodesReady(rest), programs);
  await until(async () => (await rest.request('GET', DEFAULT_ACCOUNT)).status === 200, programs);
}

/** Pods may be created from when this is there. */
const DEFAULT_ACCOUNT = '/api/v1/namespaces/default/serviceaccounts/default';

function etcdFlags(folder: string, client: number, peer: number) {
  return {
    'data-dir': path.join(folder, 'etcd'),
    'listen-client-urls': `http://127.0.0.1:${client}`,
    'advertise-client-urls': `http://127.0.0.1:${client}`,
    'listen-peer-urls': `http://127.0.0.1:${peer}`,
    'initial-advertise-peer-urls': `http://127.0.0.1:${peer}`,
    'initial-cluster': `default=http://127.0.0.1:${peer}`,
    // Nothing here outlives the run.
    'unsafe-no-fsync': 'true',
    'log-level': 'warn',
  };
}

function apiServerFlags(folder: string, etcdPort: number, port: number) {
  return {
    'etcd-servers': `http://127.0.0.1:${etcdPort}`,
    'bind-address': '127.0.0.1',
    'secure-port': String(port),
    'cert-dir': path.join(folder, 'pki'),
    'token-auth-file': path.join(folder, 'tokens.csv'),
    'authorization-mode': 'RBAC',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': path.join(folder, 'service-accounts.pub'),
    'service-account-signing-key-file': path.join(folder, 'service-accounts.key'),
    'service-cluster-ip-range': '10.255.0.0/16',
    // Nobody reaches the API by a Service here, and the loopback may not be an endpoint.
    'endpoint-reconciler-type': 'none',
    // The taint of a new node would wait for a node controller, which is not run.
    'disable-admission-plugins': 'TaintNodesByCondition',
    'kubelet-preferred-address-types': 'InternalIP',
    profiling: 'false',
  };
}

function startControllers(folder: string, kubeconfig: string, kubeletPort: number, start: Start): Program[] {
  const config = path.join(folder, 'kwok.yaml');
  writeFileSync(config, kwokConfig());
  const shared = { kubeconfig, 'leader-elect': 'false', 'secure-port': '0', profiling: 'false' };
  const budget = { 'kube-api-qps': '2000', 'kube-api-burst': '4000' };
  return [
    start('kube-controller-manager', {
      ...shared,
      ...budget,
      controllers: CONTROLLERS.join(','),
      'service-account-private-key-file': path.join(folder, 'service-accounts.key'),
      'endpointslice-updates-batch-period': '0',
      'concurrent-service-endpoint-syncs': '10',
      'concurrent-replicaset-syncs': '10',
      'concurrent-namespace-syncs': '10',
    }),
    start('kube-scheduler', { ...shared, ...budget }),
    start('kwok', {
      kubeconfig,
      config,
      'manage-all-nodes': 'true',
      'node-ip': '127.0.0.1',
      'node-port': String(kubeletPort),
      // Its own logs and metrics, which nobody asks for; else it takes the kubelet's port.
      'server-address': '127.0.0.1:0',
      v: 'WARN',
    }),
  ];
}

function writeCredentials(folder: string, token: string): void {
  mkdirSync(path.join(folder, 'pki'));
  writeFileSync(path.join(folder, 'tokens.csv'), `${token},admin,admin,"system:masters"\n`, { mode: 0o600 });
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  writeFileSync(path.join(folder, 'service-accounts.key'), pair.privateKey, { mode: 0o600 });
  writeFileSync(path.join(folder, 'service-accounts.pub'), pair.publicKey);
}

/** A kubeconfig with the one context `test`, as JSON, which is YAML. */
export function kubeconfigOf(access: { server: string; ca: string; token: string }): string {
  const data = Buffer.from(access.ca).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server: access.server, 'certificate-authority-data': data } }],
    users: [{ name: 'test', user: { token: access.token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
}

async function installCrds(rest: Rest, folder: string): Promise<void> {
  const collection = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const text = readFileSync(path.join(folder, file), 'utf8');
    const name = /^ {2}name: (\S+)$/m.exec(text)?.[1];
    if (!name) throw new Error(`${file} has no name`);
    await rest.must('APPLY', `${collection}/${name}?fieldManager=harness&force=true`, text);
    await until(async () => {
      const { body } = await rest.request<Crd>('GET', `${collection}/${name}`);
      const isServed = await Promise.all(placesOf(body).map((at) => rest.request('GET', `${at}?limit=1`)));
      return isServed.length > 0 && isServed.every(({ status }) => status === 200);
    });
  }
}

interface Crd {
  readonly spec?: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

/** Where its objects are listed. A kind may be called established a moment before anybody answers there. */
function placesOf({ spec }: Crd): string[] {
  return (
    spec?.versions
      .filter(({ served }) => served)
      .map(({ name }) => `/apis/${spec.group}/${name}/${spec.names.plural}`) ?? []
  );
}

async function addNodes(rest: Rest, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const zone = ZONES[index % ZONES.length] ?? 'zone-a';
    const name = `node-${index}`;
    const labels = { 'topology.kubernetes.io/zone': zone, 'kubernetes.io/hostname': name };
    await rest.must('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } });
  }
}

async function nodesReady(rest: Rest): Promise<boolean> {
  const { items } = await rest.must<{
    items: { status?: { conditions?: { type: string; status: string }[] } }[];
  }>('GET', '/api/v1/nodes');
  return items.every((node) =>
    node.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True'),
  );
}

/** @throws Error with the last lines of the first program that ended, or of all when time is over. */
async function until(
  done: () => boolean | Promise<boolean>,
  programs: readonly Program[] = [],
): Promise<void> {
  const limit = Date.now() + READY_MS;
  for (;;) {
    const ok = await Promise.resolve(done()).catch(() => false);
    if (ok) return;
    const dead = programs.filter((program) => program.pid() === null);
    if (dead.length > 0 || Date.now() > limit) {
      const said = (dead.length > 0 ? dead : programs).map(
        (program) => `${program.name}:\n${lastLines(program.logFile)}`,
      );
      throw new Error(`the control plane does not get ready\n${said.join('\n')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
