import { testService } from '@/server/local-cloud/testing/artifacts';
import { disposeCloud, startCloudProcess } from '@/server/local-cloud/testing/cloud-process';
import { providerContract } from '@/server/providers/contract.suite';
import { createLocalProvider } from '@/server/providers/local/adapter';
import { localProvider } from '@/server/providers/local/manifest';

const shows = ['artifacts', 'commands', 'requests', 'weights', 'check', 'logs'] as const;

providerContract('the local cloud', { capabilities: localProvider.capabilities, shows }, async () => {
  const cloud = await startCloudProcess();
  const environment = { ...process.env, SIGNALBOX_CLOUD_URL: cloud.url, SIGNALBOX_CLOUD_TOKEN: cloud.token };
  const provider = createLocalProvider('laptop', {}, environment);
  const { artifacts } = provider;
  if (!artifacts) throw new Error('the local cloud keeps artifacts');
  const publish = async (label: string) => artifacts.publish('contract', label, await testService(label));
  return {
    provider,
    account: 'laptop',
    region: 'eu',
    artifacts: [await publish('1.0.0'), await publish('1.1.0')],
    publishable: { name: 'spare', tgz: await testService('a'), otherTgz: await testService('b') },
    commands: {
      succeeds: ['node', '-e', 'console.log(JSON.stringify({ greeting: process.env.GREETING }))'],
      fails: ['node', '-e', 'console.error("out of cheese"); process.exit(3)'],
      endless: ['sleep', '600'],
      changes: (text) => ['node', '-e', `require('node:fs').writeFileSync('baked.txt', '${text}')`],
    },
    async request(url) {
      const response = await fetch(url);
      await response.arrayBuffer();
      return { ok: response.ok, servedBy: response.headers.get('x-served-by') };
    },
    stop: () => disposeCloud(cloud),
  };
});
