import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { SharedStack } from '@/e2e/stack';

interface Group {
  readonly region: string;
  readonly name: string;
}
type Where = Pick<SharedStack, 'dataDir'>;

/** Changes the local cloud behind Signalbox's back, as its own operators would. */
export function resizeOnPlatform(stack: Where, group: Group, desired: number): Promise<void> {
  return ask(stack, group, 'resize', { min: 0, desired, max: 4 });
}

/** Lets traffic in, or takes it out, without Signalbox. */
export function enableOnPlatform(stack: Where, group: Group, enabled: boolean): Promise<void> {
  return ask(stack, group, enabled ? 'enable' : 'disable', {});
}

async function ask(stack: Where, group: Group, verb: string, body: unknown): Promise<void> {
  const file = await readFile(path.join(stack.dataDir, 'cloud', 'endpoint.json'), 'utf8');
  const { url, token } = z.object({ url: z.string(), token: z.string() }).parse(JSON.parse(file));
  const answer = await fetch(`${url}/v1/regions/${group.region}/server-groups/${group.name}/${verb}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'x-operation-id': `operator-${group.name}-${verb}-${process.hrtime.bigint()}`,
      'x-operation-fence': '1',
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${verb} ${group.name}: ${answer.status} ${await answer.text()}`);
}
