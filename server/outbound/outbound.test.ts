import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveAllowed } from '@/server/outbound/policy';
import { sendOutbound } from '@/server/outbound/send';

const NOBODY = { allow: [] };
const HERE = { allow: ['127.0.0.0/8'] };

describe('where requests may go', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '192.168.0.1',
    '169.254.169.254',
    '0.0.0.0',
    '::1',
    '[::1]',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '100.64.0.1',
    'localhost',
  ])('not to %s', async (host) => {
    await expect(resolveAllowed(host, NOBODY)).rejects.toThrow(/not a public address|no address/);
  });

  it('to public addresses, and to what is listed by address, range or name', async () => {
    expect(await resolveAllowed('93.184.216.34', NOBODY)).toEqual({ address: '93.184.216.34', family: 4 });
    expect((await resolveAllowed('10.1.2.3', { allow: ['10.0.0.0/8'] })).address).toBe('10.1.2.3');
    expect((await resolveAllowed('10.1.2.3', { allow: ['10.1.2.3'] })).address).toBe('10.1.2.3');
    expect((await resolveAllowed('localhost', { allow: ['localhost'] })).address).toMatch(/^(127\.|::1)/);
    await expect(resolveAllowed('10.1.2.3', { allow: ['10.2.0.0/16', 'nonsense/x'] })).rejects.toThrow();
  });
});

describe('a request', () => {
  let server: Server;
  let url = '';
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/slow') return;
      if (request.url === '/away') response.writeHead(302, { location: 'http://169.254.169.254/' });
      if (request.url === '/large') response.write('x'.repeat(1_000_000));
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => response.end(`${request.method} ${body} ${String(request.headers['x-test'])}`));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // Listening on TCP, so the address is not a path.
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());
  const send = (path: string, more: object = {}) =>
    sendOutbound({ url: url + path, method: 'GET', timeoutMs: 5_000, ...more }, HERE);

  it('carries method, headers and body, and brings the answer', async () => {
    const answer = await send('/', { method: 'POST', body: 'hello', headers: { 'x-test': 'yes' } });
    expect([answer.status, answer.body]).toEqual([200, 'POST hello yes']);
  });

  it('does not follow where it is sent to', async () => {
    expect((await send('/away')).status).toBe(302);
  });

  it('ends when it takes too long, and reads no more than it should', async () => {
    await expect(send('/slow', { timeoutMs: 50 })).rejects.toThrow('within 0.05 s');
    expect((await send('/large', { maxBytes: 1_000 })).body).toHaveLength(1_000);
  });

  it('is refused for other protocols and for places that are not listed', async () => {
    await expect(
      sendOutbound({ url: 'file:///etc/passwd', method: 'GET', timeoutMs: 1 }, HERE),
    ).rejects.toThrow();
    await expect(sendOutbound({ url, method: 'GET', timeoutMs: 1_000 }, NOBODY)).rejects.toThrow(
      'SIGNALBOX_OUTBOUND_ALLOW',
    );
  });
});
