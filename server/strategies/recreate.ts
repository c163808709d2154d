import { z } from 'zod';
import type { Step, Strategy } from '@/server/strategies/strategy';

const optionsSchema = z.strictObject({});

/**
 * Everything old goes away before the new group comes: for what must never run twice. Nothing serves in
 * between, so a guarded cluster refuses it.
 */
export const recreate: Strategy<z.infer<typeof optionsSchema>> = {
  kind: 'recreate',
  label: 'Recreate (with downtime)',
  optionsSchema,
  // What routes to serverless groups always names one of them.
  needs: ['instances'],
  interruptsTraffic: true,
  plan(observed, wanted) {
    return [
      ...observed
        .filter((group) => group.enabled)
        .map((group): Step => ({ type: 'disableServerGroup', serverGroup: group.name })),
      ...observed.map((group): Step => ({ type: 'destroyServerGroup', serverGroup: group.name })),
      { type: 'createServerGroup', serverGroup: wanted.serverGroup, enabled: false },
      { type: 'enableServerGroup', serverGroup: wanted.serverGroup },
    ];
  },
};
