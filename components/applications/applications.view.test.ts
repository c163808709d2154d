import { expect, it } from 'vitest';
import { filterApplications } from '@/components/applications/applications.view';

const application = (name: string, description: string, owner: string) => ({
  name,
  description,
  owner,
  environments: 2,
  pipelines: 2,
  instances: 0,
  healthyInstances: 0,
  lastExecutionAt: null,
  seenOnly: false,
});

it('applications are found by every word in name, description or owner', () => {
  const all = [application('catalog', 'Products', 'Shop'), application('search', 'Finds products', 'Shop')];
  expect(filterApplications(all, 'products shop').map(({ name }) => name)).toEqual(['catalog', 'search']);
  expect(filterApplications(all, 'FINDS').map(({ name }) => name)).toEqual(['search']);
  expect(filterApplications(all, 'nothing')).toEqual([]);
});
