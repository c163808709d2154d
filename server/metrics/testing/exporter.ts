import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that Prometheus scrapes, whose canary begins to fail on cue. */
export interface Exporter {
  readonly address: string;
  /** From now on the canary answers one request in four with an error, and the others slowly. */
  degrade(): void;
  /** Its next scrapes are answered with an error, as by a crashed pod. */
  breakDown(): void;
  stop(): void;
}

/** Each scrape sees a hundred requests more, so that ratios do not hang on time. */
export async function startExporter(): Promise<Exporter> {
  const sides = ['base-v001', 'canary-v002'];
  const counts = new Map(sides.map((side) => [side, { quick: 0, slow: 0, failed: 0 }]));
  let degraded = false;
  let broken = false;
  const server = createServer((_, response) => {
    for (const [side, count] of counts) {
      const bad = degraded && side === 'canary-v002';
      count.quick += bad ? 0 : 100;
      count.slow += bad ? 75 : 0;
      count.failed += bad ? 25 : 0;
    }
    response.writeHead(broken ? 500 : 200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(broken ? 'broken' : [...counts].map(([side, count]) => textOf(side, count)).join(''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on TCP, so the address is not a path.
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    degrade: () => (degraded = true),
    breakDown: () => (broken = true),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function textOf(
  side: string,
  { quick, slow, failed }: { quick: number; slow: number; failed: number },
): string {
  const name = 'http_server_requests_seconds';
  const ok = `server_group="${side}",uri="/",outcome="SUCCESS"`;
  const bad =
    failed > 0 ? `${name}_count{server_group="${side}",uri="/",outcome="SERVER_ERROR"} ${failed}\n` : '';
  return (
    `${name}_bucket{${ok},le="0.1"} ${quick}\n${name}_bucket{${ok},le="1"} ${quick + slow}\n` +
    `${name}_bucket{${ok},le="+Inf"} ${quick + slow}\n${name}_count{${ok}} ${quick + slow}\n${bad}`
  );
}
