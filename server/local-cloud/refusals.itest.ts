import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testService, tgz } from '@/server/local-cloud/testing/artifacts';
import { groupPath, TestClient } from '@/server/local-cloud/testing/client';
import {
  type CloudProcess,
  disposeCloud,
  startCloudProcess,
} from '@/server/local-cloud/testing/cloud-process';

let cloud: CloudProcess;
let client: TestClient;
beforeAll(async () => {
  cloud = await startCloudProcess();
  client = new TestClient(cloud);
});
afterAll(() => disposeCloud(cloud));

/** One entry as a hostile packer writes it. */
function hostileTgz(path: string, type: 'File' | 'SymbolicLink', linkpath?: string): Buffer {
  const content = Buffer.from('owned');
  const header = new Header({
    path,
    type,
    linkpath,
    mode: 0o644,
    size: type === 'File' ? content.length : 0,
  });
  const block = Buffer.alloc(512);
  header.encode(block, 0);
  const data =
    type === 'File' ? Buffer.concat([content, Buffer.alloc(512 - content.length)]) : Buffer.alloc(0);
  return gzipSync(Buffer.concat([block, data, Buffer.alloc(1024)]));
}

async function refusal(method: string, path: string, body?: unknown) {
  const answer = await client.call<{ error: { code: string; message: string } }>(method, path, body);
  return { status: answer.status, ...answer.body.error };
}

describe('the local cloud refuses', () => {
  it('a request without its token', async () => {
    for (const authorization of ['', 'Bearer wrong', `Basic ${cloud.token}`]) {
      const response = await fetch(`${cloud.url}/v1/inventory`, { headers: { authorization } });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { code: 'unauthorized' } });
    }
  });

  it('a history without a token, of nothing, or of more steps than it keeps', async () => {
    expect((await fetch(`${cloud.url}/metrics/range`)).status).toBe(401);
    expect((await fetch(`${cloud.url}/metrics`)).status).toBe(200);
    const range = (query: string) => refusal('GET', `/metrics/range?serverGroup=shop-v000&${query}`);
    expect(await refusal('GET', '/metrics/range')).toMatchObject({ status: 400, code: 'invalid' });
    expect((await range('start=1&end=2')).message).toContain('step: is missing');
    expect((await range('start=1&end=2&step=0')).message).toContain('step');
    expect((await range('start=1.5&end=2&step=1')).message).toContain('start: is a whole number of seconds');
    expect((await range('start=2&end=2&step=1')).message).toContain('end: must be after start');
    expect((await range('start=0&end=3601&step=1')).message).toContain('3600 steps');
    const variant = await refusal('GET', '/metrics/range?toggle=badge&cluster=shop&start=1&end=2&step=1');
    expect(variant).toMatchObject({ status: 400, message: 'variant: is missing' });
  });

  it('malformed JSON, and JSON of another shape, naming the field', async () => {
    const headers = {
      authorization: `Bearer ${cloud.token}`,
      'x-operation-id': 'x',
      'x-operation-fence': '1',
    };
    const url = `${cloud.url}${groupPath('shop-v000')}`;
    const response = await fetch(url, { method: 'PUT', headers, body: '{"application":' });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: { code: 'invalid', message: 'the body is not valid JSON' },
    });
    const shape = await refusal('PUT', groupPath('shop-v000'), { application: 'shop', cluster: 7 });
    expect(shape).toMatchObject({ status: 400, code: 'invalid' });
    expect(shape.message).toContain('cluster');
  });

  it('a change without an operation', async () => {
    const headers = { authorization: `Bearer ${cloud.token}` };
    const response = await fetch(`${cloud.url}${groupPath('shop-v000')}/enable`, { method: 'POST', headers });
    expect(response.status).toBe(400);
  });

  it('an address that is not part of its API', async () => {
    expect(await refusal('GET', '/v1/nothing')).toMatchObject({ status: 404, code: 'not_found' });
    expect(await refusal('GET', '/v1/artifacts/%E0%A4%A/1.0.0')).toMatchObject({ status: 400 });
  });

  it('an artifact that would write outside its folder, or holds links', async () => {
    const outside = join(tmpdir(), `signalbox-escape-${process.pid}`);
    rmSync(outside, { force: true });
    for (const hostile of [
      hostileTgz('../../escape', 'File'),
      hostileTgz(outside, 'File'),
      hostileTgz('link', 'SymbolicLink', '/etc/passwd'),
    ]) {
      const answer = await refusal('PUT', '/v1/artifacts/hostile/1.0.0', hostile);
      expect(answer).toMatchObject({ status: 400, code: 'invalid' });
    }
    // Fails when the escape was written: `wx` wants to create it.
    writeFileSync(outside, '', { flag: 'wx' });
    rmSync(outside);
    expect((await client.call('GET', '/v1/artifacts/hostile/1.0.0')).status).toBe(404);
  });

  it('bytes that are no archive, and an archive that does not say how to run', async () => {
    const junk = await refusal('PUT', '/v1/artifacts/junk/1.0.0', Buffer.from('not a tgz'));
    expect(junk).toMatchObject({ status: 400, code: 'invalid' });
    const silent = await refusal('PUT', '/v1/artifacts/junk/1.0.0', await tgz({ 'readme.txt': 'hello' }));
    expect(silent.status).toBe(400);
    expect(silent.message).toContain('signalbox.json');
  });

  it('a region it does not have, and configuration that belongs to the platform', async () => {
    const artifact = await client.publish('service', '1.0.0', await testService('1.0.0'));
    const body = {
      application: 'shop',
      cluster: 'shop',
      artifact,
      capacity: { min: 0, desired: 1, max: 1 },
      config: {},
      loadBalancers: [],
      enabled: true,
    };
    const region = await refusal('PUT', '/v1/regions/moon/server-groups/shop-v000', body);
    expect(region.status).toBe(400);
    expect(region.message).toContain('eu or us');
    const port = await refusal('PUT', groupPath('shop-v000'), { ...body, config: { PORT: '1' } });
    expect(port.status).toBe(400);
    expect(port.message).toContain('PORT');
    const capacity = { min: 3, desired: 1, max: 1 };
    expect(await refusal('PUT', groupPath('shop-v000'), { ...body, capacity })).toMatchObject({
      status: 400,
    });
    expect(await client.read('shop-v000')).toBeUndefined();
  });
});
