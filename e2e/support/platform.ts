import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { SharedStack } from '@/e2e/stack';

/** Changes the local cloud behind Signalbox's back, as its own operators would. */
export async function resizeOnPlatform(
  stack: Pick<SharedStack, 'dataDir'>,
  group: { readonly region: string; readonly name: string },
  desired: number,
): Promise<void> {
  const file = await readFile(path.join(stack.dataDir, 'cloud', 'endpoint.json'), 'utf8');
  const { url, token } = z.object({ url: z.string(), token: z.string() }).parse(JSON.parse(file));
  const answer = await fetch(`${url}/v1/regions/${group.region}/server-groups/${group.name}/resize`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'x-operation-id': `operator-${group.name}-${desired}-${process.hrtime.bigint()}`,
      'x-operation-fence': '1',
    },
    body: JSON.stringify({ min: 0, desired, max: 4 }),
  });
  if (!answer.ok) throw new Error(`resizing ${group.name}: ${answer.status} ${await answer.text()}`);
}
