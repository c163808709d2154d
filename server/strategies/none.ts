import { z } from 'zod';
import type { Strategy } from '@/server/strategies/strategy';

const optionsSchema = z.strictObject({});

/** Only adds: the new group goes in beside what is there, and nothing leaves. */
export const none: Strategy<z.infer<typeof optionsSchema>> = {
  kind: 'none',
  label: 'None (add beside)',
  optionsSchema,
  needs: [],
  interruptsTraffic: false,
  plan(_observed, wanted) {
    return [
      { type: 'createServerGroup', serverGroup: wanted.serverGroup, enabled: false },
      { type: 'enableServerGroup', serverGroup: wanted.serverGroup },
    ];
  },
};
