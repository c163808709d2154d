import { z } from 'zod';
import { artifactRefSchema, capacitySchema } from '@/server/domain/inventory';
import { message } from '@/server/domain/message';
import { isServerless } from '@/server/engine/clusters/admission';
import { readEnvironment } from '@/server/engine/clusters/environment';
import { waitHealthy } from '@/server/engine/clusters/health';
import { groupTargetShape, operate } from '@/server/engine/clusters/target';
import type { StageType } from '@/server/engine/stages/stage';

const configSchema = z.object({
  ...groupTargetShape,
  /**
   * Where the configuration values come from. They are read when the group is created and never stand
   * here, because stages are served to anyone who may look.
   */
  environment: z.string(),
  artifact: artifactRefSchema,
  capacity: capacitySchema,
  loadBalancers: z.array(z.string()),
  enabled: z.boolean(),
});

/** Creates a server group and waits until its instances are healthy. */
export const createServerGroup: StageType<z.infer<typeof configSchema>> = {
  type: 'createServerGroup',
  label: 'Create server group',
  group: 'cluster',
  authorable: false,
  configSchema,
  tasks: [
    {
      name: 'create',
      async run(context) {
        const {
          application,
          environment,
          serverGroup,
          region,
          cluster,
          artifact,
          capacity,
          loadBalancers,
          enabled,
        } = context.config;
        const row = await readEnvironment(context.services.db, application, environment);
        if (!row) {
          return {
            status: 'errored',
            error: message('engine.deploy.unknownEnvironment', { application, environment }),
          };
        }
        const { name } = await operate(context, 'create', (provider, operation) =>
          provider.createServerGroup(operation, {
            region,
            application,
            cluster,
            name: serverGroup,
            artifact,
            capacity,
            config: row.config,
            loadBalancers,
            enabled,
          }),
        );
        return {
          status: 'succeeded',
          outputs: { serverGroup: name, version: artifact.version },
          log: [
            (await isServerless(context.services.db, context.config.account))
              ? message('engine.did.createServerless', { serverGroup: name })
              : message('engine.did.create', { serverGroup: name, desired: capacity.desired }),
          ],
        };
      },
    },
    waitHealthy,
  ],
};
