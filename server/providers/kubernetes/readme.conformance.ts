import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { kubernetesConfigSchema } from '@/server/providers/kubernetes/config';
import { kubernetesProvider } from '@/server/providers/kubernetes/manifest';
import { testCluster } from '@/server/providers/kubernetes/testing/cluster';
import { itWhere } from '@/server/providers/kubernetes/testing/cluster-where';
import { hasKubectl } from '@/server/providers/kubernetes/testing/kubectl';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** What the README makes outside the test's own folder. */
const MADE = [
  '/api/v1/namespaces/signalbox',
  '/api/v1/namespaces/shop',
  '/apis/rbac.authorization.k8s.io/v1/clusterroles/signalbox-deployer',
  '/apis/rbac.authorization.k8s.io/v1/clusterroles/signalbox-cluster',
  '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/signalbox-cluster',
];

/** The commands of the README's steps, as they stand there. */
function steps(): string[] {
  const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
  const section = readme.split('\n## Kubernetes\n')[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/ {3}```sh\n(.*?) {3}```/gs)].map(([, commands = '']) => commands);
}

const { rest, kubeconfig, own } = testCluster();

// The steps use names that a cluster that was given may have.
itWhere(own && hasKubectl())(
  'a cluster is connected by the steps of the README, as they are written',
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-readme-'));
    onTestFinished(async () => {
      rmSync(folder, { recursive: true });
      await Promise.all(MADE.map((made) => rest.request('DELETE', made)));
    });
    symlinkSync(path.join(ROOT, 'deploy'), path.join(folder, 'deploy'));

    const [letIn = '', print = '', makeKnown = ''] = steps();
    for (const commands of [letIn, print])
      execFileSync('sh', ['-euc', commands], {
        cwd: folder,
        env: { ...process.env, HOME: folder, KUBECONFIG: kubeconfig },
        stdio: ['ignore', 'inherit', 'pipe'],
      });

    const [, setting = ''] = /'namespaces=(.*?)'/.exec(makeKnown) ?? [];
    const [, file = ''] = /kubeconfig=\$HOME\/(\S+)/.exec(makeKnown) ?? [];
    const config = { kubeconfig: path.join(folder, file), namespaces: JSON.parse(setting) as string[] };
    expect(statSync(config.kubeconfig).mode & 0o077).toBe(0);
    const provider = await kubernetesProvider.load('prod', kubernetesConfigSchema.parse(config));
    expect(await provider.check?.()).toMatchObject({ ok: true, problems: [] });
  },
);
