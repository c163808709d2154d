import { z } from 'zod';
import type { Strategy } from '@/server/strategies/strategy';

const optionsSchema = z.strictObject({});

/** There can be only one: the new group goes in, then every older one goes out and away. */
export const highlander: Strategy<z.infer<typeof optionsSchema>> = {
  kind: 'highlander',
  label: 'Highlander',
  optionsSchema,
  needs: [],
  interruptsTraffic: false,
  plan(observed, wanted) {
    const serving = observed.filter((group) => group.enabled);
    return [
      { type: 'createServerGroup', serverGroup: wanted.serverGroup, enabled: false },
      { type: 'enableServerGroup', serverGroup: wanted.serverGroup },
      ...serving.map((group) => ({ type: 'disableServerGroup' as const, serverGroup: group.name })),
      ...observed.map((group) => ({ type: 'destroyServerGroup' as const, serverGroup: group.name })),
    ];
  },
};
