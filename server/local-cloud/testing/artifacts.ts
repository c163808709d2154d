import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';

/** Packs small files into a .tgz. */
export async function tgz(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const dir = await mkdtemp(join(tmpdir(), 'signalbox-tgz-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
    const file = join(dir, '..', `${dir.split('/').at(-1)}.tgz`);
    await create(
      { file, cwd: dir, gzip: true, portable: true, mtime: new Date(0) },
      Object.keys(files).toSorted(),
    );
    const bytes = await readFile(file);
    await rm(file);
    return bytes;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/**
 * A service for tests. `/` names its version and instance, `/slow?ms=` takes its time, `/env` shows its
 * whole environment, `/echo` returns the body, `/sick` makes its health checks fail. `?variants=` tells
 * that the answer was made with them. One that is not `graceful` drops everything on SIGTERM.
 */
export function testService(
  label: string,
  manifest: Record<string, unknown> = {},
  { graceful = true }: { graceful?: boolean } = {},
): Promise<Buffer> {
  return tgz({
    'signalbox.json': JSON.stringify({ command: ['node', 'server.mjs'], healthPath: '/health', ...manifest }),
    'server.mjs': `
      import { createServer } from 'node:http';
      let sick = false;
      const server = createServer((request, response) => {
        const url = new URL(request.url, 'http://test');
        const say = (status, body) => { response.writeHead(status, { 'content-type': 'application/json' }); response.end(JSON.stringify(body)); };
        const variants = url.searchParams.get('variants');
        if (variants) response.setHeader('x-toggle-variants', variants);
        if (url.pathname === '/health') return say(sick ? 500 : 200, {});
        if (url.pathname === '/sick') { sick = true; return say(200, {}); }
        if (url.pathname === '/env') return say(200, process.env);
        if (url.pathname === '/slow') return setTimeout(() => say(200, { pid: process.pid }), Number(url.searchParams.get('ms')));
        if (url.pathname === '/echo') { response.writeHead(200); return request.pipe(response); }
        say(200, { label: ${JSON.stringify(label)}, pid: process.pid, instance: process.env.SIGNALBOX_INSTANCE_ID });
      });
      server.listen(Number(process.env.PORT), '127.0.0.1');
      if (${graceful}) process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
    `,
  });
}

/** A service that ends at once with an error. */
export function brokenService(complaint: string): Promise<Buffer> {
  return tgz({
    'signalbox.json': JSON.stringify({ command: ['node', 'server.mjs'], healthPath: '/health' }),
    'server.mjs': `throw new Error(${JSON.stringify(complaint)});`,
  });
}
