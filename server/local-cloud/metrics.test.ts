import { expect, it } from 'vitest';
import { CloudMetrics, type GroupFacts } from '@/server/local-cloud/metrics';

const labels = {
  server_group: 'shop-v000',
  cluster: 'shop',
  application: 'shop',
  region: 'eu',
  version: '1.0.0',
};

it('keeps the numbers of a group that is gone for a while, then forgets them', async () => {
  let facts: GroupFacts[] = [{ labels, instances: [] }];
  const metrics = new CloudMetrics(() => facts);
  metrics.requestBegan(labels, 'lb');
  metrics.requestEnded(labels, 'lb', 503, 0.2);
  const now = performance.now();
  const line = 'load_balancer="lb",status_class="5xx",outcome="error"} 1';
  expect(await metrics.text(now)).toContain(line);
  facts = [];
  expect(await metrics.text(now + 9 * 60_000)).toContain(line);
  expect(await metrics.text(now + 11 * 60_000)).not.toContain('shop-v000');
});
