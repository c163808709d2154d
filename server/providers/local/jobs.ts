import { bakeAnswer, doneAnswer, jobAnswer } from '@/server/providers/local/api-types';
import type { LocalClient } from '@/server/providers/local/client';
import {
  type Bakery,
  type JobRef,
  type JobRunner,
  type Operation,
  ProviderError,
} from '@/server/providers/provider';

/** Jobs of the local cloud. */
export function localJobs(client: LocalClient): JobRunner {
  return {
    async start(operation, { region, name, ...json }) {
      const path = pathOf('jobs', { region, name });
      await client.send({ method: 'PUT', path, operation, json, answer: doneAnswer });
    },
    async describe(ref, signal) {
      const path = pathOf('jobs', ref);
      const answer = await orNull(client.send({ method: 'GET', path, signal, answer: jobAnswer }));
      return answer?.job ?? null;
    },
    cancel: (operation, ref) => cancel(client, operation, pathOf('jobs', ref)),
  };
}

/** Bakes of the local cloud, which are jobs that leave an artifact. */
export function localBakery(client: LocalClient): Bakery {
  return {
    async start(operation, { region, name, ...json }) {
      const path = pathOf('bakes', { region, name });
      await client.send({ method: 'PUT', path, operation, json, answer: doneAnswer });
    },
    async describe(ref, signal) {
      const path = pathOf('bakes', ref);
      const answer = await orNull(client.send({ method: 'GET', path, signal, answer: bakeAnswer }));
      return answer?.job ?? null;
    },
    cancel: (operation, ref) => cancel(client, operation, pathOf('bakes', ref)),
  };
}

async function cancel(client: LocalClient, operation: Operation, path: string): Promise<void> {
  await client.send({ method: 'POST', path: `${path}/cancel`, operation, answer: doneAnswer });
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'not_found') return null;
    throw error;
  }
}

function pathOf(kind: 'jobs' | 'bakes', { region, name }: JobRef): string {
  return `/v1/regions/${encodeURIComponent(region)}/${kind}/${encodeURIComponent(name)}`;
}
