import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { contextOf, FLAGS, flagKey, kindOf } from '@/bench/toggles/flags';
import type { Ask } from '@/bench/toggles/load';
import { type Server, startServer } from '@/bench/toggles/web';
import { findFreePort } from '@/server/supervisor/ports';

/** The version that runs on the Node that we ask for. */
const PACKAGE = 'unleash-server@7.5.1';
const ADMIN = '*:*.bench-admin-token-bench-admin-token';
const FRONTEND = '*:development.bench-frontend-token-bench-frontend';

/** Unleash's server with as many flags of the same kinds. @throws when it cannot be had or run here. */
export async function startUnleash(databaseUrl: string): Promise<Server> {
  const folder = installed();
  const first = await run(folder, databaseUrl);
  try {
    await writeFeatures(first.url);
  } finally {
    await first.stop();
  }
  // What its frontend door answers from is read anew only now and then, and at the start.
  return run(folder, databaseUrl);
}

/** All flags for one context: what is on, which is the only form it answers in. */
export function askUnleash(index: number): Ask {
  const { targetingKey, plan, country } = contextOf(index);
  const query = `userId=${targetingKey}&properties[plan]=${plan}&properties[country]=${country}`;
  return { path: `/api/frontend?${query}`, method: 'GET', headers: { authorization: FRONTEND } };
}

function installed(): string {
  const folder = path.join(tmpdir(), `signalbox-bench-${PACKAGE.replace('@', '-')}`);
  if (existsSync(path.join(folder, 'node_modules', 'unleash-server', 'package.json'))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  execFileSync('npm', ['install', '--save-exact', '--ignore-scripts', '--no-audit', '--no-fund', PACKAGE], {
    cwd: folder,
    stdio: 'ignore',
  });
  return folder;
}

async function run(folder: string, databaseUrl: string): Promise<Server> {
  const port = await findFreePort();
  const program = path.join(folder, 'node_modules', 'unleash-server', 'dist', 'server.js');
  return startServer(
    port,
    '/health',
    [program],
    {
      DATABASE_URL: databaseUrl,
      DATABASE_SSL: 'false',
      HTTP_PORT: String(port),
      HTTP_HOST: '127.0.0.1',
      INIT_ADMIN_API_TOKENS: ADMIN,
      INIT_FRONTEND_API_TOKENS: FRONTEND,
      LOG_LEVEL: 'error',
      CHECK_VERSION: 'false',
      SEND_TELEMETRY: 'false',
    },
    folder,
  );
}

async function writeFeatures(url: string): Promise<void> {
  for (let index = 0; index < FLAGS; index++) {
    const feature = `/api/admin/projects/default/features`;
    const environment = `${feature}/${flagKey(index)}/environments/development`;
    await post(url + feature, { name: flagKey(index), type: 'release' });
    await post(`${url}${environment}/strategies`, strategyOf(index));
    await post(`${url}${environment}/on`, {});
  }
}

function strategyOf(index: number) {
  const parameters = (rollout: number) => ({
    rollout: String(rollout),
    stickiness: 'default',
    groupId: flagKey(index),
  });
  const constraint = (contextName: string, values: readonly string[]) => ({
    contextName,
    operator: 'IN',
    values,
    caseInsensitive: false,
    inverted: false,
  });
  const kind = kindOf(index);
  switch (kind) {
    case 'plain':
      return { name: 'default', constraints: [], parameters: {} };
    case 'rules':
      return {
        name: 'flexibleRollout',
        constraints: [constraint('plan', ['pro'])],
        parameters: parameters(100),
      };
    case 'split':
      return {
        name: 'flexibleRollout',
        constraints: [constraint('country', ['KR', 'DE'])],
        parameters: parameters(index % 100),
      };
    default:
      return kind satisfies never;
  }
}

async function post(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: ADMIN, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`Unleash answered ${response.status} at ${url}: ${await response.text()}`);
}
