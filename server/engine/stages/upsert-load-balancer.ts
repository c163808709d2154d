import { z } from 'zod';
import { message } from '@/server/domain/message';
import { clusterTargetShape, operate } from '@/server/engine/clusters/target';
import type { StageType } from '@/server/engine/stages/stage';

const configSchema = z.object(clusterTargetShape);

/** Makes sure that the cluster has its load balancer, which bears the cluster's name. */
export const upsertLoadBalancer: StageType<z.infer<typeof configSchema>> = {
  type: 'upsertLoadBalancer',
  label: 'Ensure load balancer',
  group: 'cluster',
  authorable: false,
  configSchema,
  tasks: [
    {
      name: 'upsert',
      async run(context) {
        const { region, cluster: name, application } = context.config;
        const { url } = await operate(context, 'upsert', (provider, operation) =>
          provider.upsertLoadBalancer(operation, { region, name, application }),
        );
        return {
          status: 'succeeded',
          outputs: { loadBalancer: name, url },
          log: [message('engine.did.loadBalancer', { name, url: url ?? '' })],
        };
      },
    },
  ],
};
