import { type SupervisorContext, serviceLog } from '@/server/supervisor/context';
import { POSTGRES_STOP_SIGNAL, startPostgres } from '@/server/supervisor/postgres/postgres';
import type { ServiceSpec } from '@/server/supervisor/service';

/** The embedded database. `onUrl` learns its address at every start; it stays the same while its port is free. */
export function postgresSpec(context: SupervisorContext, onUrl: (url: string) => void): ServiceSpec {
  const log = serviceLog(context, 'postgres');
  return {
    name: 'postgres',
    logFile: log,
    async start() {
      const started = await startPostgres({
        root: context.root,
        dataDir: context.settings.SIGNALBOX_DATA,
        logFile: log,
      });
      onUrl(started.url);
      return started.process;
    },
    stopSignal: POSTGRES_STOP_SIGNAL,
    stopTimeout: 5_000,
  };
}
