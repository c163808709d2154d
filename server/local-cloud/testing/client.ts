import { z } from 'zod';
import type { ArtifactRef } from '@/server/domain/inventory';
import { testService } from '@/server/local-cloud/testing/artifacts';
import type { CloudProcess } from '@/server/local-cloud/testing/cloud-process';
import type { GroupView, InventoryView, LoadBalancerView } from '@/server/local-cloud/views';

let counter = 0;

export interface Answer<T = unknown> {
  readonly status: number;
  readonly body: T;
}

/** Plain requests to the platform's API, as any client could send them. */
export class TestClient {
  constructor(readonly cloud: Pick<CloudProcess, 'url' | 'token'>) {}

  async call<T = unknown>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await fetch(new URL(path, this.cloud.url), {
      method,
      headers: {
        authorization: `Bearer ${this.cloud.token}`,
        'x-operation-id': `test-${process.pid}-${counter++}`,
        'x-operation-fence': '1',
      },
      body: encode(body),
    });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller names the shape this path answers
    return { status: response.status, body: (await response.json()) as T };
  }

  /** @throws when the platform refuses. */
  async must<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call<T>(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer.body;
  }

  async publish(name: string, version: string, tgz: Buffer): Promise<ArtifactRef> {
    return (await this.must<{ artifact: ArtifactRef }>('PUT', `/v1/artifacts/${name}/${version}`, tgz))
      .artifact;
  }

  async loadBalancer(name: string, application = 'shop'): Promise<LoadBalancerView & { url: string }> {
    const path = `/v1/regions/eu/load-balancers/${name}`;
    const { loadBalancer } = await this.must<{ loadBalancer: LoadBalancerView }>('PUT', path, {
      application,
    });
    return { ...loadBalancer, url: loadBalancer.url ?? '' };
  }

  /** A server group of the test service in `eu`; `name` is `shop-…-vNNN`. */
  async group(name: string, desired: number, overrides: Record<string, unknown> = {}): Promise<void> {
    await this.must('PUT', groupPath(name), {
      application: 'shop',
      cluster: name.replace(/-v\d+$/, ''),
      artifact: overrides.artifact ?? (await this.publish('service', '1.0.0', await testService('1.0.0'))),
      capacity: { min: 0, desired, max: Math.max(4, desired) },
      config: {},
      loadBalancers: [],
      enabled: true,
      ...overrides,
    });
  }

  async read(name: string): Promise<GroupView | undefined> {
    const { serverGroups } = await this.must<InventoryView>('GET', '/v1/inventory');
    return serverGroups.find((group) => group.name === name);
  }

  async health(name: string): Promise<string[]> {
    return (await this.read(name))?.instances.map((instance) => instance.health) ?? [];
  }
}

/** Bytes as they are, anything else as JSON. */
function encode(body: unknown): BodyInit | undefined {
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return body === undefined ? undefined : JSON.stringify(body);
}

/** Which process of the test service answers. */
export async function pidOf(url: string): Promise<number> {
  return z.object({ pid: z.number() }).parse(await (await fetch(url)).json()).pid;
}

export function groupPath(name: string): string {
  return `/v1/regions/eu/server-groups/${name}`;
}
