import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { kubernetesConfigSchema } from '@/server/providers/kubernetes/config';
import { kubernetesProvider } from '@/server/providers/kubernetes/manifest';
import { testCluster } from '@/server/providers/kubernetes/testing/cluster';

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

it('a cluster is connected by the steps of the README, as they are written', async (context) => {
  const { rest, kubeconfig, simulated } = testCluster();
  if (!simulated) return context.skip('the steps use names that a cluster that was given may have');
  const kubectl = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
  if (kubectl.status !== 0) return context.skip('kubectl is not on this machine');
  const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-readme-'));
  onTestFinished(async () => {
    rmSync(folder, { recursive: true });
    await Promise.all(MADE.map((made) => rest.request('DELETE', made)));
  });
  symlinkSync(path.join(ROOT, 'deploy'), path.join(folder, 'deploy'));
  await rest.must('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });

  const [letIn = '', print = '', makeKnown = ''] = steps();
  for (const commands of [letIn, print])
    execFileSync('sh', ['-euc', commands], {
      cwd: folder,
      env: { ...process.env, HOME: folder, KUBECONFIG: kubeconfig },
      stdio: ['ignore', 'inherit', 'pipe'],
    });

  const [, setting = ''] = /'namespaces=(.*?)'/.exec(makeKnown) ?? [];
  const [, file = ''] = /kubeconfig=\$PWD\/(\S+)/.exec(makeKnown) ?? [];
  const config = { kubeconfig: path.join(folder, file), namespaces: JSON.parse(setting) as string[] };
  const provider = await kubernetesProvider.load('prod', kubernetesConfigSchema.parse(config));
  expect(await provider.check?.()).toMatchObject({ ok: true, problems: [] });
});
