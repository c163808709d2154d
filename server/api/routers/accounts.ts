import { procedure, router } from '@/server/api/trpc';
import { listAccounts, listAccountsInput } from '@/server/services/accounts/list';

export const accountsRouter = router({
  list: procedure.input(listAccountsInput).query(({ ctx, input }) => listAccounts(ctx, input)),
});
