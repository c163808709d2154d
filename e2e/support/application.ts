import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { create } from 'tar';
import type { Api } from '@/e2e/support/api';
import { isComplete } from '@/server/domain/status';
import type { ClustersView } from '@/server/domain/views/application';
import type { ExecutionView } from '@/server/domain/views/execution';

/** An application of one test's own: its artifacts, pins and vetoes touch nobody else. */
export class TestApplication {
  private constructor(
    readonly api: Api,
    readonly name: string,
  ) {}

  /** Publishes 1.0.0 and 1.1.0 of the example under a new name and brings 1.0.0 up in both environments. */
  static async create(
    api: Api,
    options: { strategy?: string; environments?: readonly ('staging' | 'prod')[] } = {},
  ): Promise<TestApplication> {
    const app = new TestApplication(api, `e${randomBytes(4).toString('hex')}`);
    for (const version of ['1.0.0', '1.1.0']) await app.publish(version);
    await api.must(
      'PUT',
      `/api/v1/applications/${app.name}`,
      definition(app.name, options.strategy ?? 'redblack'),
    );
    for (const environment of options.environments ?? ['staging']) {
      await app.finish(await app.run(`first-${environment}`, '1.0.0'));
      // What the doors show follows the platform within moments; on a new installation within a second.
      await expect.poll(async () => (await app.urls(environment)).length).toBe(2);
    }
    return app;
  }

  async publish(version: string): Promise<void> {
    const answer = await fetch(`${this.api.url}/api/v1/artifacts/${this.name}/${version}`, {
      method: 'PUT',
      headers: { ...this.api.authorization(), 'content-type': 'application/gzip' },
      body: new Uint8Array(await packExample(version, this.name)),
    });
    if (!answer.ok)
      throw new Error(`publishing ${this.name} ${version}: ${answer.status} ${await answer.text()}`);
  }

  async run(pipeline: string, version: string): Promise<string> {
    const { executionId } = await this.api.must<{ executionId: string }>(
      'POST',
      `/api/v1/applications/${this.name}/pipelines/${pipeline}/executions`,
      { parameters: {}, artifacts: [{ name: this.name, version }] },
    );
    return executionId;
  }

  async deploy(environment: string, version: string): Promise<string> {
    const { executionId } = await this.api.must<{ executionId: string }>('POST', '/api/v1/deployments', {
      artifact: this.name,
      environment,
      version,
    });
    return executionId;
  }

  /** Waits for the end. */
  async end(executionId: string): Promise<ExecutionView> {
    await expect
      .poll(async () => isComplete((await this.api.execution(executionId)).status), {
        timeout: 90_000,
        intervals: [200],
      })
      .toBe(true);
    return this.api.execution(executionId);
  }

  async finish(executionId: string): Promise<void> {
    const ended = await this.end(executionId);
    if (ended.status !== 'succeeded')
      throw new Error(`execution ended as ${ended.status}: ${JSON.stringify(ended)}`);
  }

  async atGate(executionId: string): Promise<void> {
    await expect
      .poll(async () => (await this.api.execution(executionId)).waitingFor.map((w) => w.kind), {
        timeout: 30_000,
      })
      .toContain('person');
  }

  clusters(): Promise<ClustersView> {
    return this.api.clusters(this.name);
  }

  async urls(environment: string): Promise<string[]> {
    const view = await this.clusters();
    const cluster = view.clusters.find((c) => c.name === `${this.name}-${environment}`);
    return (cluster?.regions ?? []).flatMap((r) => r.loadBalancers.flatMap((lb) => (lb.url ? [lb.url] : [])));
  }

  /** Names, versions and traffic of everything that exists, for comparing before and after. */
  async picture(): Promise<string[]> {
    const view = await this.clusters();
    return view.clusters
      .flatMap((c) => c.regions.flatMap((r) => r.serverGroups))
      .map((g) => `${g.region} ${g.name} ${g.artifact.version} ${g.enabled ? 'on' : 'off'} ${g.traffic}`)
      .sort();
  }

  /** Versions that the load balancers really answer. */
  async answered(environment: string): Promise<string[]> {
    const answers = await Promise.all(
      (await this.urls(environment)).map(async (url) => {
        const body: unknown = await (await fetch(`${url}/version`)).json();
        return typeof body === 'object' && body !== null && 'version' in body ? String(body.version) : 'none';
      }),
    );
    return [...new Set(answers)];
  }
}

/** The example service as an artifact; the marker makes its digest one of its own. */
export async function packExample(version: string, marker: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'e2e-artifact-'));
  try {
    const content = join(folder, 'content');
    await cp('examples/catalog/src', content, { recursive: true });
    const release: unknown = JSON.parse(await readFile(`examples/catalog/releases/${version}.json`, 'utf8'));
    await writeFile(join(content, 'release.json'), JSON.stringify({ ...(release as object), marker }));
    const file = join(folder, 'artifact.tgz');
    await create({ file, cwd: content, gzip: true, portable: true }, (await readdir(content)).sort());
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function definition(name: string, strategy: string) {
  const environment = (environmentName: string, order: number, desired: number) => ({
    name: environmentName,
    order,
    account: 'local',
    regions: ['eu', 'us'],
    capacity: { min: 1, desired, max: 4 },
    artifact: name,
    pipeline: `deploy-${environmentName}`,
  });
  const deploy = (environmentName: string, requires: string[]) => ({
    refId: 'deploy',
    type: 'deploy',
    name: `Deploy to ${environmentName}`,
    requires,
    config: { environment: environmentName, strategy, options: {} },
  });
  const approve = {
    refId: 'approve',
    type: 'manualJudgment',
    name: 'Approve',
    config: { instructions: 'Well?' },
  };
  return {
    name,
    environments: [environment('staging', 1, 1), environment('prod', 2, 2)],
    pipelines: [
      { name: 'first-staging', stages: [deploy('staging', [])] },
      { name: 'first-prod', stages: [deploy('prod', [])] },
      { name: 'deploy-staging', stages: [deploy('staging', [])] },
      { name: 'deploy-prod', stages: [approve, deploy('prod', ['approve'])] },
    ],
  };
}
