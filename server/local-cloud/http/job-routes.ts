import { CloudError } from '@/server/local-cloud/errors';
import { operationOf, type Route, readBody, refOf } from '@/server/local-cloud/http/route';
import { bakeBodySchema, jobBodySchema, nameSchema } from '@/server/local-cloud/http/schemas';
import { cancelJob, describeJob, type JobRef, startJob } from '@/server/local-cloud/verbs/jobs';
import type { Platform } from '@/server/local-cloud/views';

const JOB = '/v1/regions/:region/jobs/:name';
const BAKE = '/v1/regions/:region/bakes/:name';

/** Work that runs to an end, and bakes, which leave an artifact. */
export function jobRoutes(platform: Platform): Route[] {
  return [
    {
      method: 'PUT',
      path: JOB,
      handle: async (exchange) => {
        const operation = operationOf(exchange);
        const ref = checked({ kind: 'job', ...refOf(exchange) });
        const body = await readBody(exchange, jobBodySchema);
        return startJob(platform, operation, { ...ref, ...body, into: null });
      },
    },
    {
      method: 'PUT',
      path: BAKE,
      handle: async (exchange) => {
        const operation = operationOf(exchange);
        const ref = checked({ kind: 'bake', ...refOf(exchange) });
        const { from, ...body } = await readBody(exchange, bakeBodySchema);
        return startJob(platform, operation, { ...ref, ...body, artifact: from });
      },
    },
    ...lookAndCancel(platform, JOB, 'job'),
    ...lookAndCancel(platform, BAKE, 'bake'),
  ];
}

function lookAndCancel(platform: Platform, path: string, kind: JobRef['kind']): Route[] {
  return [
    {
      method: 'GET',
      path,
      handle: (exchange) => ({ job: describeJob(platform, { kind, ...refOf(exchange) }) }),
    },
    {
      method: 'POST',
      path: `${path}/cancel`,
      handle: (exchange) => cancelJob(platform, operationOf(exchange), { kind, ...refOf(exchange) }),
    },
  ];
}

function checked(ref: JobRef): JobRef {
  if (nameSchema.safeParse(ref.name).success) return ref;
  throw new CloudError('invalid', `"${ref.name}" is not a usable name`);
}
