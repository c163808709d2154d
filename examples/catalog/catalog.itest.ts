import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { CATALOG_VERSIONS, type CatalogVersion, packCatalog } from '@/examples/catalog/pack';
import { groupPath, TestClient } from '@/server/local-cloud/testing/client';
import {
  type CloudProcess,
  disposeCloud,
  startCloudProcess,
} from '@/server/local-cloud/testing/cloud-process';

const productsSchema = z.object({ products: z.array(z.object({ id: z.string() })) });
let cloud: CloudProcess;
let client: TestClient;
const urls = new Map<CatalogVersion, string>();
const at = (version: CatalogVersion, path = '') => fetch(`${urls.get(version)}${path}`);

beforeAll(async () => {
  cloud = await startCloudProcess();
  client = new TestClient(cloud);
  for (const version of CATALOG_VERSIONS) {
    const artifact = await client.publish('catalog', version, await packCatalog(version));
    const name = `shop-${version.replaceAll('.', '')}`;
    const balancer = await client.loadBalancer(name);
    const config = { CATALOG_CURRENCY: 'KRW' };
    await client.group(`${name}-v000`, 1, { artifact, loadBalancers: [name], config });
    const well = async () => expect(await client.health(`${name}-v000`)).toEqual(['healthy']);
    await vi.waitFor(well, { timeout: 20_000 });
    urls.set(version, balancer.url);
  }
});
afterAll(() => disposeCloud(cloud));

it('shows its version and its configuration', async () => {
  const version: unknown = await (await at('1.1.0', '/version')).json();
  expect(version).toMatchObject({
    version: '1.1.0',
    currency: 'KRW',
    region: 'eu',
    serverGroup: 'shop-110-v000',
  });
  const page = await (await at('1.0.0')).text();
  expect(page).toContain('catalog 1.0.0');
  expect(page).toContain('KRW');
});

it('sorts by price from 1.1.0 on', async () => {
  expect((await at('1.0.0', '/products?sort=price')).status).toBe(400);
  const { products } = productsSchema.parse(await (await at('1.1.0', '/products?sort=price')).json());
  expect(products[0]?.id).toBe('flag');
  expect((await at('1.1.0', '/products/clock')).status).toBe(200);
  expect((await at('1.1.0', '/products/nothing')).status).toBe(404);
});

it('is bad in 1.2.0: it fails some requests, is slower, and its memory grows, while it looks healthy', async () => {
  const memory = async () => (await client.read('shop-120-v000'))?.instances[0]?.memoryBytes ?? 0;
  await expect.poll(memory).toBeGreaterThan(0);
  const before = await memory();
  const answers = await Promise.all(Array.from({ length: 300 }, () => at('1.2.0')));
  const failed = answers.filter((answer) => answer.status === 500).length;
  expect(failed).toBeGreaterThan(5);
  expect(failed).toBeLessThan(60);
  await expect.poll(memory, { timeout: 10_000 }).toBeGreaterThan(before + 50_000_000);
  expect(await client.health('shop-120-v000')).toEqual(['healthy']);
  const good = await Promise.all(Array.from({ length: 100 }, () => at('1.1.0')));
  expect(good.every((answer) => answer.ok)).toBe(true);
  await client.must('DELETE', groupPath('shop-120-v000'));
});
