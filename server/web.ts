import { createServer } from 'node:http';
import next from 'next';
import { answerDirectly } from '@/server/api/ofrep/direct';
import { isAppError } from '@/server/domain/errors';
import { readEnvironment } from '@/server/env';
import { createLogger } from '@/server/log';
import { stopToggleServing } from '@/server/services/toggle-serving/process';

/** Process entry of the dashboard and the API: Next, and beside it the door that applications knock at all the time. */

/** After SIGTERM the process is gone by then, whatever hangs. */
const EXIT_WITHIN_MS = 800;

const logger = createLogger('web');

async function main(): Promise<void> {
  const env = readEnvironment();
  const app = next({ dev: false, dir: process.cwd(), hostname: env.SIGNALBOX_HOST, port: env.PORT });
  await app.prepare();
  const handle = app.getRequestHandler();
  const server = createServer((request, response) => {
    if (answerDirectly(request, response)) return;
    handle(request, response).catch((error: unknown) => {
      logger.error({ err: error }, 'a request broke');
      response.destroy();
    });
  });
  const leave = () => {
    setTimeout(() => process.exit(0), EXIT_WITHIN_MS).unref();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    void Promise.allSettled([closed, stopToggleServing()]).then(() => process.exit(0));
  };
  process.once('SIGTERM', leave);
  process.once('SIGINT', leave);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(env.PORT, env.SIGNALBOX_HOST, resolve);
  });
}

main().catch((error: unknown) => {
  if (isAppError(error)) logger.error(error.message);
  else logger.error({ err: error }, 'the dashboard could not start');
  process.exit(1);
});
