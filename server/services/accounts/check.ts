import { z } from 'zod';
import type { AccountCheck } from '@/server/domain/account-check';
import { AppError } from '@/server/domain/errors';
import { type Provider, ProviderError } from '@/server/providers/provider';
import { applyAccountInput } from '@/server/services/accounts/apply';
import { accountIssues } from '@/server/services/accounts/config-issues';
import { findAccount } from '@/server/services/accounts/find';
import { findManifest } from '@/server/services/accounts/load-provider';
import { samePlaces } from '@/server/services/accounts/same-place';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { requireNoIssues } from '@/server/services/shared/issues';

const PATIENCE_SECONDS = 20;

/** One that is there by its name, or settings that are not kept yet. */
export const checkAccountInput = z.object({
  name: z.string().optional(),
  provider: z.string().optional(),
  config: applyAccountInput.shape.config,
});
type Input = z.output<typeof checkAccountInput>;

/** Whether a platform lets us in and what we may do there. Asked from this process, not from a worker's machine. */
export async function checkAccount(ctx: ServiceContext, input: Input): Promise<AccountCheck> {
  requirePermission(ctx, 'user.admin');
  const { name, provider: kind, config } = await settingsOf(ctx, input);
  const limit = AbortSignal.timeout(PATIENCE_SECONDS * 1_000);
  try {
    const manifest = findManifest(kind);
    const parsed = manifest?.configSchema.safeParse(config);
    requireNoIssues('account', accountIssues(kind, config));
    if (!manifest || !parsed?.success) throw new AppError('unprocessable', 'The account is not configured.');
    const found = await look(await manifest.load(name, parsed.data), limit);
    const { same } = await samePlaces(ctx.db, { name, provider: kind, config });
    return { ...found, ok: found.ok && same.length === 0, problems: [...found.problems, ...same] };
  } catch (error) {
    if (error instanceof ProviderError) return { ok: false, facts: [], problems: [error.message] };
    if (!limit.aborted) throw error;
    const late = `It did not answer within ${PATIENCE_SECONDS} s. Check its address, and that it can be reached from here.`;
    return { ok: false, facts: [], problems: [late] };
  }
}

async function settingsOf(ctx: ServiceContext, { name, provider, config }: Input) {
  if (provider !== undefined) return { name: name ?? 'new', provider, config };
  if (name === undefined)
    throw new AppError('bad_request', 'Say which: give a name, or a provider and config.');
  return findAccount(ctx.db, name);
}

async function look(provider: Provider, limit: AbortSignal): Promise<AccountCheck> {
  if (provider.check) return provider.check(limit);
  const { serverGroups, loadBalancers } = await provider.describe(limit);
  const facts = [
    `It answers. Server groups: ${serverGroups.length}, load balancers: ${loadBalancers.length}.`,
  ];
  return { ok: true, facts, problems: [] };
}
