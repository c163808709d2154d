import {
  bundlePath,
  childEnvironment,
  type SupervisorContext,
  serviceLog,
} from '@/server/supervisor/context';
import { spawnProcess } from '@/server/supervisor/process/running';
import type { ServiceSpec } from '@/server/supervisor/service';

/** Variables for a process, on top of those of the machine. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** An engine worker. It gets time to finish or hand back what it holds. */
export function workerSpec(context: SupervisorContext, name: string, variables: Variables): ServiceSpec {
  return {
    ...bundleSpec(context, name, 'worker', variables),
    stopTimeout: 4_000,
  };
}

/** The gentle load on the example's load balancers. */
export function trafficSpec(context: SupervisorContext, variables: Variables): ServiceSpec {
  return {
    ...bundleSpec(context, 'traffic', 'traffic', variables),
    stopTimeout: 500,
  };
}

/**
 * In MB. An answer with thousands of instances does not fit into what V8 gives young objects by itself, and is then
 * copied about for longer than it takes to make it. The image has the same flag.
 */
const ROOM_FOR_YOUNG = '--max-semi-space-size=64';

/** The dashboard and the API. */
export function webSpec(context: SupervisorContext, variables: Variables): ServiceSpec {
  const { PORT, SIGNALBOX_HOST } = context.settings;
  const health = `http://${SIGNALBOX_HOST === '0.0.0.0' ? '127.0.0.1' : SIGNALBOX_HOST}:${PORT}/api/health`;
  return {
    name: 'web',
    logFile: serviceLog(context, 'web'),
    start: () =>
      spawnProcess({
        command: process.execPath,
        args: ['--enable-source-maps', ROOM_FOR_YOUNG, bundlePath(context, 'web')],
        cwd: context.root,
        logFile: serviceLog(context, 'web'),
        env: childEnvironment(context, {
          ...variables,
          NEXT_TELEMETRY_DISABLED: '1',
        }),
      }),
    probe: async () => {
      try {
        return (await fetch(health, { signal: AbortSignal.timeout(5_000) })).ok;
      } catch {
        return false;
      }
    },
    stopSignal: 'SIGTERM',
    // Open event streams never end by themselves; browsers resume by themselves.
    stopTimeout: 1_000,
  };
}

function bundleSpec(context: SupervisorContext, name: string, bundle: string, variables: Variables) {
  return {
    name,
    logFile: serviceLog(context, name),
    start: () =>
      spawnProcess({
        command: process.execPath,
        args: ['--enable-source-maps', bundlePath(context, bundle)],
        cwd: context.root,
        logFile: serviceLog(context, name),
        env: childEnvironment(context, variables),
      }),
    stopSignal: 'SIGTERM' as const,
  };
}
