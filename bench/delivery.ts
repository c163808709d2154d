import { startStack } from '@/e2e/stack';
import { Api } from '@/e2e/support/api';
import { TestApplication } from '@/e2e/support/application';
import { enableOnPlatform } from '@/e2e/support/platform';
import { SteadyClient } from '@/e2e/support/steady-client';

/**
 * The whole product, built as it ships: how long a deploy and a rollback over two regions take as a
 * client behind the load balancers sees it, against the platform's own calls without any engine.
 */

const ROUNDS = 5;

async function main(): Promise<void> {
  const stack = await startStack({ demo: false });
  try {
    const api = await Api.ofCliFile(stack.cliFile);
    const app = await TestApplication.create(api, { environments: ['prod'] });
    const client = new SteadyClient(await app.urls('prod'));
    const deploys: number[] = [];
    const rollbacks: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      deploys.push(
        await untilOnly(client, '1.1.0', async () => app.finish(await app.run('first-prod', '1.1.0'))),
      );
      bare.push(await swap(stack, app, client));
      rollbacks.push(await untilOnly(client, '1.0.0', () => rollBack(app)));
      await free(app);
    }
    await client.stop();
    print('platform calls alone, two regions', bare, bare);
    print('rollback by Signalbox, two regions', rollbacks, bare);
    print('red/black deploy, two regions', deploys, bare);
    process.stdout.write(`requests: ${client.seen.length} answered, ${client.failures.length} failed\n`);
  } finally {
    await stack.stop();
  }
}

/** Milliseconds from the start of `act` to the last answer of another version. */
async function untilOnly(client: SteadyClient, version: string, act: () => Promise<void>): Promise<number> {
  const since = Date.now();
  await act();
  const seen = client.seen.length;
  while (client.seen.length < seen + 40) await pause(10);
  return client.settledAfter(since, version);
}

/** Back to 1.0.0 and forth again by the platform's own calls; measures the way back. */
async function swap(
  stack: { readonly dataDir: string },
  app: TestApplication,
  client: SteadyClient,
): Promise<number> {
  const groups = (await app.clusters()).clusters.flatMap((c) => c.regions.flatMap((r) => r.serverGroups));
  const of = (version: string) =>
    groups.filter((g) => g.artifact.version === version && (g.enabled || version === '1.0.0'));
  const change = async (enable: string, disable: string) => {
    await Promise.all(of(enable).map((group) => enableOnPlatform(stack, group, true)));
    await Promise.all(of(disable).map((group) => enableOnPlatform(stack, group, false)));
  };
  const ms = await untilOnly(client, '1.0.0', () => change('1.0.0', '1.1.0'));
  await change('1.1.0', '1.0.0');
  // What Signalbox shows follows the platform within moments; its rollback starts from there.
  const serving = async () => (await app.picture()).filter((line) => line.endsWith(' 1.1.0 on 1')).length;
  while ((await serving()) < 2) await pause(20);
  return ms;
}

async function rollBack(app: TestApplication): Promise<void> {
  const cluster = `${app.name}-prod`;
  const path = `/api/v1/applications/${app.name}/clusters/${cluster}/rollback`;
  const { executionId } = await app.api.must<{ executionId: string }>('POST', path, { reason: 'bench' });
  await app.finish(executionId);
}

/** A rollback pins and vetoes; the next round must be allowed to deploy. */
async function free(app: TestApplication): Promise<void> {
  const reason = 'the next round';
  await app.api.must('DELETE', `/api/v1/applications/${app.name}/clusters/${app.name}-prod/pin`, { reason });
  await app.api.must('DELETE', `/api/v1/artifacts/${app.name}/1.1.0/veto`, { reason });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function print(name: string, values: readonly number[], baseline: readonly number[]): void {
  const ratio = median(values) / Math.max(1, median(baseline));
  process.stdout.write(
    `${name.padEnd(36)} median ${median(values)} ms  (${values.join(', ')})  ×${ratio.toFixed(1)}\n`,
  );
}

await main();
