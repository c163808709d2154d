import { procedure, router } from '@/server/api/trpc';
import { listTriggers, listTriggersInput } from '@/server/services/triggers/list';
import { setTriggerEnabled, setTriggerEnabledInput } from '@/server/services/triggers/set-enabled';

export const triggersRouter = router({
  list: procedure.input(listTriggersInput).query(({ ctx, input }) => listTriggers(ctx, input)),
  setEnabled: procedure
    .input(setTriggerEnabledInput)
    .mutation(({ ctx, input }) => setTriggerEnabled(ctx, input)),
});
