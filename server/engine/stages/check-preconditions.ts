import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { stages } from '@/db/schema';
import { type Message, message } from '@/server/domain/message';
import { statusSchema } from '@/server/domain/status';
import { readEnvironment } from '@/server/engine/clusters/environment';
import type { StageContext, StageType } from '@/server/engine/stages/stage';

const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const;

const preconditionSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('expression'),
    /** With `${}`; what it evaluates to must be true. */
    expression: z
      .unknown()
      .refine(
        (value) => typeof value !== 'string' || value.includes('${') || /^(true|false)$/.test(value),
        'must give true or false, as an expression does: ${parameters.fit}',
      ),
    failureMessage: z.string().max(500).optional(),
  }),
  z.object({
    type: z.literal('clusterSize'),
    environment: z.string().meta({ widget: 'environment' }),
    comparison: z.enum(COMPARISONS),
    /** Server groups in each region. */
    expected: z.number().int().min(0),
  }),
  z.object({
    type: z.literal('stageStatus'),
    stage: z.string().meta({ widget: 'stage' }),
    status: statusSchema,
  }),
]);
type Precondition = z.infer<typeof preconditionSchema>;

const configSchema = z.object({ preconditions: z.array(preconditionSchema).min(1).max(50) });
type Config = z.infer<typeof configSchema>;

/** Goes on only when everything it names is so. All that is not so is told, not only the first. */
export const checkPreconditions: StageType<Config> = {
  type: 'checkPreconditions',
  label: 'Check preconditions',
  group: 'control',
  authorable: true,
  configSchema,
  tasks: [
    {
      name: 'check',
      async run(context) {
        const checked = await Promise.all(context.config.preconditions.map((one) => check(context, one)));
        const unmet = checked.filter((one) => one !== null);
        const [first] = unmet;
        if (!first)
          return {
            status: 'succeeded',
            log: [message('engine.precondition.allMet', { count: checked.length })],
          };
        return { status: 'failed', error: first, log: unmet };
      },
    },
  ],
};

/** Why it is not met, or null. */
async function check(context: StageContext<Config>, precondition: Precondition): Promise<Message | null> {
  switch (precondition.type) {
    case 'expression':
      if (precondition.expression === true || precondition.expression === 'true') return null;
      return message('engine.precondition.expression', {
        text: precondition.failureMessage ?? `the expression gave ${JSON.stringify(precondition.expression)}`,
      });
    case 'clusterSize':
      return checkSize(context, precondition);
    case 'stageStatus':
      return checkStatus(context, precondition);
    default:
      return precondition satisfies never;
  }
}

async function checkSize(
  { execution, services, signal }: StageContext<Config>,
  { environment: name, comparison, expected }: Extract<Precondition, { type: 'clusterSize' }>,
): Promise<Message | null> {
  const { application } = execution;
  const environment = await readEnvironment(services.db, application, name);
  if (!environment) return message('engine.deploy.unknownEnvironment', { application, environment: name });
  const { account, cluster, regions } = environment;
  const provider = await services.provider(account);
  for (const region of regions) {
    const groups = await provider.describeCluster({ account, region, application, cluster }, signal);
    if (!compares(groups.length, comparison, expected)) {
      return message('engine.precondition.clusterSize', {
        cluster,
        region,
        actual: groups.length,
        comparison,
        expected,
      });
    }
  }
  return null;
}

async function checkStatus(
  { execution, services }: StageContext<Config>,
  { stage, status }: Extract<Precondition, { type: 'stageStatus' }>,
): Promise<Message | null> {
  const [row] = await services.db
    .select({ status: stages.status })
    .from(stages)
    .where(and(eq(stages.executionId, execution.id), eq(stages.refId, stage), eq(stages.superseded, false)));
  if (row?.status === status) return null;
  return message('engine.precondition.stageStatus', {
    stage,
    actual: row?.status ?? 'missing',
    expected: status,
  });
}

function compares(actual: number, comparison: (typeof COMPARISONS)[number], expected: number): boolean {
  switch (comparison) {
    case '==':
      return actual === expected;
    case '!=':
      return actual !== expected;
    case '<':
      return actual < expected;
    case '<=':
      return actual <= expected;
    case '>':
      return actual > expected;
    case '>=':
      return actual >= expected;
    default:
      return comparison satisfies never;
  }
}
