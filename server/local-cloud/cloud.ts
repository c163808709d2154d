import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { ArtifactLibrary } from '@/server/local-cloud/artifacts/library';
import { Balancers } from '@/server/local-cloud/balancer/balancers';
import { Changes } from '@/server/local-cloud/changes';
import type { CloudConfig } from '@/server/local-cloud/config';
import { addressOf, readEndpoint, writeEndpoint } from '@/server/local-cloud/endpoint';
import { StartupError, systemErrorCode } from '@/server/local-cloud/errors';
import { apiRoutes } from '@/server/local-cloud/http/routes';
import { createApi } from '@/server/local-cloud/http/server';
import { Fleet } from '@/server/local-cloud/instances/fleet';
import { InstanceRecords } from '@/server/local-cloud/instances/records';
import { JobFolders } from '@/server/local-cloud/jobs/folders';
import { Jobs } from '@/server/local-cloud/jobs/jobs';
import { groupLabels } from '@/server/local-cloud/labels';
import { CloudMetrics } from '@/server/local-cloud/metrics';
import { Operations } from '@/server/local-cloud/operations';
import { resourceKey, Store } from '@/server/local-cloud/state';
import { accessToken } from '@/server/local-cloud/token';
import type { Platform } from '@/server/local-cloud/views';

export interface RunningCloud {
  readonly url: string;
  readonly token: string;
  /** Ends within 3 s. Instances and jobs end too, unless they are to be kept; what was asked for stays on disk. */
  stop(): Promise<void>;
}

const RECOVERY_PATIENCE_MS = 3_000;
const REOPEN_PATIENCE_MS = 2_000;
const STOP_PATIENCE_MS = 1_000;

/** Starts the platform on a folder that the caller has locked. */
export async function startCloud(config: CloudConfig, log: Logger): Promise<RunningCloud> {
  const token = await accessToken(config.dir, config.token);
  const { platform, metrics } = await assemble(config, log);
  const readiness = deferred();
  const api = createApi({ token, log, ready: readiness.done, routes: apiRoutes(platform, metrics) });
  // Before anything is started: a port that cannot be had must leave nothing behind.
  const port = await listen(api, config, await portOfLastRun(config));
  const recovered = await platform.fleet.recover(RECOVERY_PATIENCE_MS, platform.jobs.processGroups());
  // After the fleet has ended what nobody records: a job that starts now must not be among that.
  const { adoptedJobs } = platform.jobs.recover();
  const reopened = platform.balancers.reopen();
  // A port that someone else holds delays its own load balancer, not the platform.
  await Promise.race([reopened, new Promise((resolve) => setTimeout(resolve, REOPEN_PATIENCE_MS).unref())]);
  const unfollow = metrics.follow();
  const url = addressOf(config.host, port);
  await writeEndpoint(config.dir, { url, token, pid: process.pid });
  readiness.resolve();
  log.info({ port, url, regions: config.regions, ...recovered, adoptedJobs }, 'local cloud listening');
  return {
    url,
    token,
    stop: async () => {
      unfollow();
      api.close();
      api.closeAllConnections();
      await platform.balancers.close(STOP_PATIENCE_MS);
      if (config.keepInstances) {
        platform.fleet.release();
        platform.jobs.release();
      } else await Promise.all([platform.fleet.stop(), platform.jobs.stop()]);
    },
  };
}

async function assemble(
  config: CloudConfig,
  log: Logger,
): Promise<{ platform: Platform; metrics: CloudMetrics }> {
  const recordsDir = join(config.dir, 'instances');
  await mkdir(recordsDir, { recursive: true, mode: 0o700 });
  const store = await Store.open(config.dir);
  const library = await ArtifactLibrary.open(join(config.dir, 'artifacts'), store);
  const changes = new Changes();
  const fleet: Fleet = new Fleet({
    owner: config.dir,
    store,
    library,
    log,
    records: new InstanceRecords(recordsDir),
    changed: (groupKey) => {
      balancers.refresh();
      const group = store.current.groups.find((one) => resourceKey(one) === groupKey);
      changes.announce({
        region: groupKey.slice(0, groupKey.indexOf('/')),
        application: group?.application ?? null,
        cluster: group?.cluster ?? null,
      });
    },
  });
  const metrics = new CloudMetrics(() =>
    store.current.groups.map((group) => ({
      labels: groupLabels(group),
      instances: fleet.of(resourceKey(group)),
    })),
  );
  const balancers = new Balancers({
    store,
    fleet,
    metrics,
    log,
    host: config.host,
    portBase: config.loadBalancerPortBase,
  });
  const folders = new JobFolders(join(config.dir, 'jobs'));
  const jobs = new Jobs({
    owner: config.dir,
    store,
    library,
    folders,
    log,
    changed: ({ region, application, name }) => changes.announce({ region, application, cluster: name }),
  });
  const operations = new Operations(store);
  const { regions, host } = config;
  return {
    platform: { regions, host, store, operations, library, fleet, balancers, jobs, folders, changes },
    metrics,
  };
}

function deferred(): { done: Promise<void>; resolve: () => void } {
  const box: { resolve?: () => void } = {};
  const done = new Promise<void>((resolve) => {
    box.resolve = resolve;
  });
  return { done, resolve: () => box.resolve?.() };
}

/** The API's address stays the same over restarts where it can, for clients that remember it. */
async function portOfLastRun(config: CloudConfig): Promise<number> {
  const last = config.port === 0 ? await readEndpoint(config.dir) : null;
  return last === null ? config.port : Number(new URL(last.url).port);
}

async function listen(api: Server, config: CloudConfig, port: number): Promise<number> {
  try {
    return await listenOnce(api, config.host, port);
  } catch (error) {
    if (config.port === 0) return listenOnce(api, config.host, 0);
    if (systemErrorCode(error) === 'EADDRINUSE') {
      throw new StartupError(`port ${config.port} is in use: choose another with SIGNALBOX_CLOUD_PORT`);
    }
    throw new StartupError(`cannot listen on ${config.host}:${config.port}: ${String(error)}`);
  }
}

function listenOnce(api: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    api.once('error', reject);
    api.listen(port, host, () => {
      api.off('error', reject);
      const address = api.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
