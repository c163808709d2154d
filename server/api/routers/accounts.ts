import { procedure, router } from '@/server/api/trpc';
import { applyAccount, applyAccountInput } from '@/server/services/accounts/apply';
import { checkAccount, checkAccountInput } from '@/server/services/accounts/check';
import { getAccount, getAccountInput } from '@/server/services/accounts/get';
import { listAccounts, listAccountsInput } from '@/server/services/accounts/list';
import { listOverlaps, listOverlapsInput } from '@/server/services/accounts/overlaps';
import { removeAccount, removeAccountInput } from '@/server/services/accounts/remove';
import { listAccountTypes, listAccountTypesInput } from '@/server/services/accounts/types';

export const accountsRouter = router({
  list: procedure.input(listAccountsInput).query(({ ctx, input }) => listAccounts(ctx, input)),
  get: procedure.input(getAccountInput).query(({ ctx, input }) => getAccount(ctx, input)),
  overlaps: procedure.input(listOverlapsInput).query(({ ctx, input }) => listOverlaps(ctx, input)),
  types: procedure.input(listAccountTypesInput).query(({ ctx, input }) => listAccountTypes(ctx, input)),
  // `apply` is a word that tRPC keeps for itself.
  save: procedure.input(applyAccountInput).mutation(({ ctx, input }) => applyAccount(ctx, input)),
  remove: procedure.input(removeAccountInput).mutation(({ ctx, input }) => removeAccount(ctx, input)),
  // Reads only; a mutation because it asks another system, and only when somebody wants to know.
  check: procedure.input(checkAccountInput).mutation(({ ctx, input }) => checkAccount(ctx, input)),
});
