import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { accounts, apiTokens, artifacts, executions, serverGroups, stages, users } from '@/db/schema';
import { type TestDatabase, testDatabase } from '@/db/test/database';
import { dispatch } from '@/server/api/rest/dispatch';
import { systemClock } from '@/server/domain/clock';
import type { InstanceHealth, ServerGroup } from '@/server/domain/inventory';
import type { ApplicationDefinition } from '@/server/domain/pipeline';
import { PERMISSIONS, type Permission, type Role } from '@/server/domain/roles';
import { readEnvironment } from '@/server/env';
import { createLogger } from '@/server/log';
import { secretBox } from '@/server/secrets/seal';
import { applyApplication } from '@/server/services/applications/apply';
import { personActor } from '@/server/services/auth/actor';
import { generateToken, hashToken } from '@/server/services/auth/token';
import type { ServiceContext } from '@/server/services/context';
import { setRuntime } from '@/server/services/runtime';

/** A value that must never be in any answer. */
export const CANARY = 'canary-3f9d1c';

/** A database with the catalog application in it, and people to act in it. */
export interface World {
  readonly database: TestDatabase;
  readonly db: TestDatabase['db'];
  /** Someone signed in with these roles. */
  readonly as: (...roles: Role[]) => Promise<ServiceContext>;
  readonly nobody: ServiceContext;
  /** A bearer token of an owner with these roles. */
  readonly token: (scopes: readonly Permission[], ...roles: Role[]) => Promise<string>;
  /** Asks the REST door. */
  readonly rest: (method: string, path: string, options?: RestOptions) => Promise<RestAnswer>;
}

export interface RestOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** Makes one. Call it at the top level of a test file. */
export async function testWorld(): Promise<World> {
  const database = await testDatabase();
  const { db } = database;
  const env = readEnvironment({
    DATABASE_URL: database.url,
    SIGNALBOX_SECRET: 'x'.repeat(32),
    SIGNALBOX_URL: 'http://localhost:3000',
    SIGNALBOX_LOG_LEVEL: 'silent',
  });
  const secrets = secretBox('x'.repeat(32));
  setRuntime({ db, env, secrets, log: createLogger('test', 'silent') });
  const world: World = {
    database,
    db,
    as: async (...roles) => {
      const name = `${roles.join('-') || 'nobody'}-${randomUUID().slice(0, 8)}`;
      const values = {
        username: name.toLowerCase(),
        displayName: name,
        roles,
        passwordHash: `scrypt$${CANARY}`,
      };
      const [user] = await db.insert(users).values(values).returning();
      if (!user) throw new Error('no user');
      return { db, clock: systemClock, secrets, actor: personActor(user, 'web') };
    },
    nobody: { db, clock: systemClock, secrets, actor: null },
    token: async (scopes, ...roles) => {
      const { actor } = await world.as(...roles);
      const token = generateToken();
      const userId = actor?.userId ?? '';
      await db
        .insert(apiTokens)
        .values({ name: 'test', tokenHash: hashToken(token), userId, scopes: [...scopes] });
      return token;
    },
    rest: (method, path, options = {}) => askRest(method, path, options),
  };
  await fill(world);
  return world;
}

async function askRest(
  method: string,
  path: string,
  { token, body, headers }: RestOptions,
): Promise<RestAnswer> {
  const response = await dispatch(
    new Request(`http://localhost:3000/api/v1${path}`, {
      method,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Digests of the artifacts in the world. */
export const DIGEST = {
  '1.0.0': `sha256:${'a'.repeat(64)}`,
  '1.1.0': `sha256:${'b'.repeat(64)}`,
  '1.2.0': `sha256:${'c'.repeat(64)}`,
} as const;
export type Version = keyof typeof DIGEST;

/** The catalog's definition, with a value in its configuration that must not leak. */
export function catalogDefinition(name = 'catalog'): ApplicationDefinition {
  const environment = (place: string, order: number) => ({
    name: place,
    order,
    account: 'local',
    regions: ['eu', 'us'],
    capacity: { min: 1, desired: 2, max: 4 },
    config: { SECRET_NAME: CANARY },
    artifact: 'catalog',
    pipeline: `deploy-${place}`,
    guarded: true,
  });
  const deploy = (place: string, requires: string[]) => ({
    refId: 'deploy',
    type: 'deploy',
    name: `Deploy to ${place}`,
    requires,
    config: { environment: place, strategy: 'redblack' },
  });
  const approve = {
    refId: 'approve',
    type: 'manualJudgment',
    name: 'Approve for prod',
    requires: [],
    config: { instructions: 'Is staging well?', roles: ['releaseManager'], inputs: ['fast', 'slow'] },
  };
  const pipeline = (place: string, stageList: ApplicationDefinition['pipelines'][number]['stages']) => ({
    name: `deploy-${place}`,
    description: '',
    parameters: [],
    stages: stageList,
  });
  return {
    name,
    description: 'The catalogue',
    owner: 'Shop team',
    environments: [environment('staging', 1), environment('prod', 2)],
    pipelines: [
      pipeline('staging', [deploy('staging', [])]),
      pipeline('prod', [approve, deploy('prod', ['approve'])]),
    ],
    canaryConfigs: [],
  };
}

async function fill(world: World): Promise<void> {
  const { db } = world;
  await db.insert(accounts).values({ name: 'local', provider: 'local', config: {}, seenAt: new Date() });
  const versions = Object.entries(DIGEST).map(([version, digest]) => ({ name: 'catalog', version, digest }));
  await db.insert(artifacts).values(versions);
  await applyApplication(await world.as('admin'), catalogDefinition());
}

/** Puts a server group into the inventory, as the watch of a worker would. */
export async function seeServerGroup(
  world: World,
  region: string,
  environment: string,
  sequence: number,
  version: Version,
  options: {
    readonly traffic?: number;
    readonly health?: readonly InstanceHealth[];
    readonly application?: string;
    /** A function, which has no instances. */
    readonly serverless?: ServerGroup['serverless'];
  } = {},
): Promise<ServerGroup> {
  const { serverless } = options;
  const { traffic = 0, health = ['healthy', 'healthy'], application = 'catalog' } = options;
  const cluster = `${application}-${environment}`;
  const name = `${cluster}-v${String(sequence).padStart(3, '0')}`;
  const createdAt = new Date(Date.UTC(2026, 0, 1, 0, sequence)).toISOString();
  const data: ServerGroup = {
    account: 'local',
    region,
    application,
    cluster,
    name,
    sequence,
    artifact: { name: 'catalog', version, digest: DIGEST[version] },
    capacity: { min: 1, desired: health.length, max: 4 },
    instances: (serverless ? [] : health).map((one, index) => ({
      id: `${name}-${index}`,
      health: one,
      reason: null,
      startedAt: createdAt,
      address: null,
      restarts: 0,
      memoryBytes: null,
    })),
    enabled: traffic > 0,
    traffic,
    loadBalancers: [cluster],
    createdAt,
    configKeys: ['SECRET_NAME'],
    ...(serverless ? { serverless } : {}),
  };
  await world.db
    .insert(serverGroups)
    .values({ account: 'local', region, name, application, cluster, data })
    .onConflictDoUpdate({
      target: [serverGroups.account, serverGroups.region, serverGroups.name],
      set: { data },
    });
  // However long a test file takes, who sees a group sees its account.
  await world.db.update(accounts).set({ seenAt: new Date() }).where(eq(accounts.name, 'local'));
  return data;
}

/** Moves the execution's first gate to where it waits for a person, as a worker would. */
export async function openGate(world: World, executionId: string): Promise<void> {
  const { db } = world;
  await db
    .update(executions)
    .set({ status: 'running', startedAt: new Date() })
    .where(eq(executions.id, executionId));
  await db
    .update(stages)
    .set({
      status: 'running',
      startedAt: new Date(),
      waiting: {
        kind: 'person',
        reason: { key: 'engine.wait.judgment', values: {} },
        until: new Date(Date.now() + 3_600_000).toISOString(),
        who: ['releaseManager'],
      },
    })
    .where(and(eq(stages.executionId, executionId), eq(stages.type, 'manualJudgment')));
}

/** Every permission there is. */
export const ALL: readonly Permission[] = PERMISSIONS;
