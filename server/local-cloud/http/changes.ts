import type { ServerResponse } from 'node:http';
import type { Changes } from '@/server/local-cloud/changes';

const HEARTBEAT_MS = 5_000;
/** A reader this far behind is cut off; it comes back and reads everything. */
const BACKLOG_LIMIT_BYTES = 1024 * 1024;

/**
 * One JSON object per line until the reader leaves: `ready` at once, `change` for each change, and a
 * `heartbeat` when it is quiet, so that a reader can tell silence from a lost platform.
 */
export function streamChanges(changes: Changes, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  const send = (line: object) => {
    response.write(`${JSON.stringify(line)}\n`);
    if (response.writableLength > BACKLOG_LIMIT_BYTES) response.destroy();
  };
  const unsubscribe = changes.subscribe((notice) => send({ type: 'change', ...notice }));
  const heartbeat = setInterval(() => send({ type: 'heartbeat' }), HEARTBEAT_MS);
  send({ type: 'ready' });
  return new Promise((resolve) => {
    response.once('close', () => {
      clearInterval(heartbeat);
      unsubscribe();
      resolve();
    });
  });
}
