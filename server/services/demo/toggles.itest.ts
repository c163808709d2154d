import { expect, it } from 'vitest';
import { seedToggles } from '@/server/services/demo/toggles';
import { emptyToggles } from '@/server/services/testing/toggles';
import { testWorld } from '@/server/services/testing/world';
import { listToggles } from '@/server/services/toggles/list';

const world = await testWorld();

it('the example has features, an experiment and a switch for trouble, as its file says', async () => {
  const admin = await world.as('admin');
  await emptyToggles(world, admin);
  await seedToggles(admin, 'catalog');
  const list = await listToggles(admin, { application: 'catalog' });
  expect(
    list.map(({ key, kind, valueType, environments }) => [
      key,
      kind,
      valueType,
      environments.map(({ on }) => on),
    ]),
  ).toEqual([
    ['price-badge', 'release', 'boolean', [true, false]],
    ['delivery-estimate', 'release', 'boolean', [false, false]],
    ['product-order', 'experiment', 'string', [true, false]],
    ['recommendations', 'operational', 'boolean', [true, true]],
  ]);
});
