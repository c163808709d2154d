import { afterAll, beforeAll, expect, it } from 'vitest';
import { cloudWatchSource } from '@/server/metrics/cloudwatch/cloudwatch';
import { directContext } from '@/server/metrics/testing/direct-context';
import {
  addUser,
  demandSignatures,
  type MotoKey,
  type MotoServer,
  startMoto,
} from '@/server/metrics/testing/moto-server';

const never = new AbortController().signal;
let server: MotoServer;
let reader: MotoKey;
let stranger: MotoKey;

beforeAll(async () => {
  server = await startMoto();
  // AWS calls it cloudwatch:GetMetricData; moto names permissions by the host of the service.
  reader = await addUser(server.url, 'reader', ['monitoring:GetMetricData']);
  stranger = await addUser(server.url, 'stranger', ['monitoring:PutMetricData']);
  await demandSignatures(server.url);
});
afterAll(() => server?.stop());

function check({ accessKeyId, secretAccessKey }: MotoKey): Promise<void> {
  const config = cloudWatchSource.configSchema.parse({
    region: 'eu-west-1',
    endpoint: server.url,
    accessKeyId,
    secretAccessKeySecret: secretAccessKey,
  });
  return cloudWatchSource.open(config, directContext).check(never);
}

it('signs so that it is let in, with no other permission than to read', async () => {
  await expect(check(reader)).resolves.toBeUndefined();
});

it.each<[string, () => MotoKey, string]>([
  ['the secret is another', () => ({ ...reader, secretAccessKey: 'another' }), 'signature'],
  ['the key does not exist', () => ({ ...reader, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }), 'token'],
  ['it may not read', () => stranger, 'not authorized'],
])('is not let in when %s, and says so without the key', async (_name, key, text) => {
  const error = await check(key()).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'MetricsError', kind: 'access' });
  expect(String(error)).toContain('It does not let us in');
  expect(String(error)).toContain(text);
  expect(String(error)).not.toContain(key().secretAccessKey);
  expect(String(error)).not.toContain(key().accessKeyId);
});
