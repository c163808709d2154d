import { procedure, router } from '@/server/api/trpc';
import { createToken, createTokenInput } from '@/server/services/tokens/create';
import { listTokens, listTokensInput } from '@/server/services/tokens/list';
import { revokeToken, revokeTokenInput } from '@/server/services/tokens/revoke';

export const tokensRouter = router({
  list: procedure.input(listTokensInput).query(({ ctx, input }) => listTokens(ctx, input)),
  create: procedure.input(createTokenInput).mutation(({ ctx, input }) => createToken(ctx, input)),
  revoke: procedure.input(revokeTokenInput).mutation(({ ctx, input }) => revokeToken(ctx, input)),
});
