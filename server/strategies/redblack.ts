import { z } from 'zod';
import { retire, retireShape } from '@/server/strategies/parts/retire';
import type { Strategy } from '@/server/strategies/strategy';

const optionsSchema = z.strictObject(retireShape);

/**
 * Blue/green: the new group goes in beside the old, which then leaves traffic but stays, so that
 * going back is only a matter of traffic.
 */
export const redblack: Strategy<z.infer<typeof optionsSchema>> = {
  kind: 'redblack',
  label: 'Red/black (blue/green)',
  optionsSchema,
  needs: [],
  interruptsTraffic: false,
  plan(observed, wanted, options) {
    return [
      { type: 'createServerGroup', serverGroup: wanted.serverGroup, enabled: false },
      { type: 'enableServerGroup', serverGroup: wanted.serverGroup },
      ...retire(observed, wanted, options),
    ];
  },
};
