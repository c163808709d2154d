import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import {
  bundleDigest,
  bundlePath,
  childEnvironment,
  type SupervisorContext,
  serviceLog,
} from '@/server/supervisor/context';
import { keptSecret } from '@/server/supervisor/files';
import {
  adoptProcess,
  type RunningProcess,
  spawnProcess,
  stopProcess,
} from '@/server/supervisor/process/running';
import type { ServiceSpec } from '@/server/supervisor/service';

export const LOCAL_CLOUD = 'local-cloud';

const endpointSchema = z.object({ url: z.string(), pid: z.number() });

export interface CloudAccess {
  readonly url: string;
  readonly token: string;
}

/**
 * The local cloud outlives a crash of the supervisor, as a cloud would: one that still runs the same
 * program is adopted; one that runs an older program is killed, not asked to stop, because a stop
 * would end its instances, which its successor adopts instead.
 */
export function localCloudSpec(context: SupervisorContext): ServiceSpec {
  let pid = 0;
  return {
    name: LOCAL_CLOUD,
    logFile: serviceLog(context, LOCAL_CLOUD),
    async start() {
      const running = (await adoptLeftover(context)) ?? (await launch(context));
      pid = running.pid;
      return running;
    },
    probe: async () => {
      const endpoint = readEndpoint(context);
      return endpoint?.pid === pid && (await isHealthy(endpoint.url));
    },
    stopSignal: 'SIGTERM',
    stopTimeout: 4_000,
  };
}

/** How to reach the local cloud, once it is ready. */
export function cloudAccess(context: SupervisorContext): CloudAccess {
  const elsewhere = context.settings.SIGNALBOX_CLOUD_URL;
  if (elsewhere) return { url: elsewhere, token: cloudToken(context) };
  const endpoint = readEndpoint(context);
  if (!endpoint) throw new Error('the local cloud is ready but did not say where');
  return { url: endpoint.url, token: cloudToken(context) };
}

async function adoptLeftover(context: SupervisorContext): Promise<RunningProcess | null> {
  const recorded = context.record.get(LOCAL_CLOUD);
  const leftover = recorded ? adoptProcess(recorded) : null;
  if (!recorded || !leftover) return null;
  const endpoint = readEndpoint(context);
  const sameProgram = recorded.build === bundleDigest(context, LOCAL_CLOUD);
  if (sameProgram && endpoint?.pid === recorded.pid && (await isHealthy(endpoint.url))) return leftover;
  await stopProcess(leftover, 'SIGKILL', 2_000);
  // Its listening sockets close with it, but not always before its process table entry goes.
  await delay(50);
  return null;
}

function launch(context: SupervisorContext): Promise<RunningProcess> {
  const { settings } = context;
  return spawnProcess({
    command: process.execPath,
    args: ['--enable-source-maps', bundlePath(context, LOCAL_CLOUD)],
    cwd: context.root,
    logFile: serviceLog(context, LOCAL_CLOUD),
    env: childEnvironment(context, {
      SIGNALBOX_CLOUD_DIR: cloudFolder(context),
      SIGNALBOX_CLOUD_TOKEN: cloudToken(context),
      SIGNALBOX_CLOUD_PORT: settings.SIGNALBOX_CLOUD_PORT?.toString(),
      SIGNALBOX_CLOUD_REGIONS: settings.SIGNALBOX_CLOUD_REGIONS,
      SIGNALBOX_CLOUD_LB_PORT_BASE: settings.SIGNALBOX_CLOUD_LB_PORT_BASE?.toString(),
    }),
  });
}

function cloudToken(context: SupervisorContext): string {
  return context.settings.SIGNALBOX_CLOUD_TOKEN ?? keptSecret(context.settings.SIGNALBOX_DATA, 'cloud-token');
}

function cloudFolder(context: SupervisorContext): string {
  return path.join(context.settings.SIGNALBOX_DATA, 'cloud');
}

function readEndpoint(context: SupervisorContext): z.infer<typeof endpointSchema> | null {
  try {
    return endpointSchema.parse(
      JSON.parse(readFileSync(path.join(cloudFolder(context), 'endpoint.json'), 'utf8')),
    );
  } catch {
    return null;
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (
      await fetch(new URL('/health', url), {
        signal: AbortSignal.timeout(2_000),
      })
    ).ok;
  } catch {
    return false;
  }
}
