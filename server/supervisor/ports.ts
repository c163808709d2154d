import { createServer } from 'node:net';
import { AppError } from '@/server/domain/errors';

/** Whether a server could listen there now. */
export function isPortFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port that was free a moment ago; the system hands out a different one to each caller for a while. */
export function findFreePort(host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host }, () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no address')),
      );
    });
  });
}

/** @throws AppError naming PORT when something listens there. */
export async function assertPortFree(port: number, host: string): Promise<void> {
  if (await isPortFree(port, host)) return;
  throw new AppError(
    'conflict',
    `Port ${port} on ${host} is not free: set PORT to another one, for example PORT=${port + 1}.`,
  );
}
