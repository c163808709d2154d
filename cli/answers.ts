import { z } from 'zod';
import { statusSchema } from '@/server/domain/status';

/** The parts of the API's answers that the command reads. What it does not read it does not check. */

export const startedSchema = z.looseObject({ executionId: z.string() });

export const executionSchema = z.looseObject({
  id: z.string(),
  application: z.string(),
  pipeline: z.string(),
  status: statusSchema,
  sentence: z.string(),
  error: z.string().nullable(),
  stages: z.array(
    z.looseObject({
      refId: z.string(),
      parentRefId: z.string().nullable(),
      name: z.string(),
      status: statusSchema,
      error: z.string().nullable(),
    }),
  ),
  waitingFor: z.array(
    z.looseObject({
      refId: z.string().nullable(),
      kind: z.string(),
      who: z.array(z.string()),
      until: z.string().nullable(),
    }),
  ),
});
export type Execution = z.infer<typeof executionSchema>;

export const executionsSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      id: z.string(),
      application: z.string(),
      pipeline: z.string(),
      status: statusSchema,
      environment: z.string().nullable(),
      version: z.string().nullable(),
      createdAt: z.string(),
      trigger: z.looseObject({ by: z.string() }),
      waitingForPerson: z.boolean(),
    }),
  ),
});

export const applicationsSchema = z.looseObject({ items: z.array(z.looseObject({ name: z.string() })) });

export const clustersSchema = z.looseObject({
  application: z.string(),
  accounts: z.array(
    z.looseObject({ account: z.string(), seenAt: z.string().nullable(), error: z.string().nullable() }),
  ),
  clusters: z.array(
    z.looseObject({
      name: z.string(),
      account: z.string(),
      environment: z.string().nullable(),
      pin: z.looseObject({ version: z.string(), by: z.string() }).nullable(),
      regions: z.array(
        z.looseObject({
          region: z.string(),
          loadBalancers: z.array(
            z.looseObject({ url: z.string().nullable(), problem: z.string().optional() }),
          ),
          serverGroups: z.array(
            z.looseObject({
              name: z.string(),
              traffic: z.number(),
              unreached: z.string().optional(),
              artifact: z.looseObject({ version: z.string() }),
              instances: z.array(z.looseObject({ health: z.string() })),
              serverless: z.looseObject({ state: z.string() }).optional(),
              managedBy: z.looseObject({ kind: z.string(), name: z.string() }).optional(),
            }),
          ),
        }),
      ),
    }),
  ),
});
export type Clusters = z.infer<typeof clustersSchema>;

export const waitingListSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      executionId: z.string(),
      application: z.string(),
      pipeline: z.string(),
      refId: z.string().nullable(),
      waiting: z.looseObject({ reason: z.string(), until: z.string().nullable() }),
    }),
  ),
});
