import { procedure, router } from '@/server/api/trpc';
import { liftPin, liftPinInput } from '@/server/services/pins/lift';

export const pinsRouter = router({
  lift: procedure.input(liftPinInput).mutation(({ ctx, input }) => liftPin(ctx, input)),
});
