import { randomBytes } from 'node:crypto';
import type { Api } from '@/e2e/support/api';
import type { ToggleView } from '@/server/domain/views/toggles';

export interface TestFeature {
  readonly key: string;
  readonly name: string;
}

/** A feature of one test's own, off everywhere. */
export async function newFeature(api: Api, application: string | null = null): Promise<TestFeature> {
  const key = `feature-${randomBytes(4).toString('hex')}`;
  const name = `Feature ${key}`;
  await api.must('POST', '/api/v1/toggles', { key, name, application, variants: { on: true, off: false } });
  return { key, name };
}

/** Somebody new who owns products and is no engineer. */
export async function newProductOwner(api: Api): Promise<{ username: string; password: string }> {
  const username = `po-${randomBytes(4).toString('hex')}`;
  const { password } = await api.must<{ password: string }>('POST', '/api/v1/users', {
    username,
    displayName: `Owner ${username}`,
    roles: ['productOwner'],
  });
  return { username, password };
}

/** How a feature stands in an environment. */
export async function standing(api: Api, key: string, environment: string) {
  const { environments } = await api.must<ToggleView>('GET', `/api/v1/toggles/${key}`);
  const found = environments.find((one) => one.environment === environment);
  if (!found) throw new Error(`${key} does not stand in ${environment}`);
  return found;
}
