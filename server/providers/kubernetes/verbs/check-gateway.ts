import { z } from 'zod';
import type { Platform } from '@/server/providers/kubernetes/verbs/platform';
import { ProviderError } from '@/server/providers/provider';

const conditionsSchema = z.array(
  z.object({
    type: z.string(),
    status: z.string(),
    reason: z.string().default(''),
    message: z.string().default(''),
  }),
);

/** What a Gateway needs before it passes requests on. */
const NEEDED = ['Accepted', 'Programmed'];

interface Found {
  readonly facts: readonly string[];
  readonly problems: readonly string[];
}

/** Whether the Gateway of the account is there and works, for each namespace where it would be looked for. */
export async function checkGateway({ api, config }: Platform, signal?: AbortSignal): Promise<Found> {
  const { gateway, namespaces } = config;
  if (!gateway) return { facts: [], problems: [] };
  const homes = gateway.namespace === undefined ? namespaces : [gateway.namespace];
  const found = await Promise.all(homes.map((namespace) => look({ api }, gateway.name, namespace, signal)));
  return {
    facts: found.flatMap(({ facts }) => facts),
    problems: found.flatMap(({ problems }) => problems),
  };
}

async function look(
  { api }: Pick<Platform, 'api'>,
  name: string,
  namespace: string,
  signal?: AbortSignal,
): Promise<Found> {
  try {
    const there = await api.get('Gateway', { namespace, name }, signal);
    if (there) return judge(name, namespace, there.status?.conditions);
    const missing = `There is no Gateway ${name} in namespace ${namespace}: create it, or name another; until then no requests come.`;
    return { facts: [], problems: [missing] };
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== 'unauthorized') throw error;
    return {
      facts: [`Whether there is a Gateway ${name} in ${namespace} could not be looked at.`],
      problems: [],
    };
  }
}

function judge(name: string, namespace: string, conditions: unknown): Found {
  const said = conditionsSchema.safeParse(conditions).data ?? [];
  const needed = said.filter(({ type }) => NEEDED.includes(type));
  const failed = needed.find(({ status }) => status === 'False');
  if (failed) {
    const why = [failed.reason, failed.message].filter(Boolean).join(': ');
    return { facts: [], problems: [`Gateway ${name} in ${namespace} does not work yet (${why}).`] };
  }
  const works = needed.length > 0 && needed.every(({ status }) => status === 'True');
  return works
    ? { facts: [`Gateway ${name} in ${namespace} is ready.`], problems: [] }
    : {
        facts: [`Gateway ${name} in ${namespace} is there; no controller has said yet that it is ready.`],
        problems: [],
      };
}
