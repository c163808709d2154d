import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { AccountCheck } from '@/server/domain/account-check';
import type { Platform, Region } from '@/server/providers/lambda/client/platform';
import { ProviderError } from '@/server/providers/provider';

/** Whether the functions of every region can be read. Nothing else can be tried without doing it. */
export async function check({ regions, config }: Platform, signal?: AbortSignal): Promise<AccountCheck> {
  const looks = await Promise.all(regions.map((region) => look(region, signal)));
  const problems = [...new Set(looks.flatMap(({ problem }) => problem ?? []))];
  const where = config.package
    ? `s3://${config.package.bucket}/${config.package.key}`
    : (config.imageUri ?? '');
  const untried = `Whether code can be read from ${where}, and functions made and changed, was not tried.`;
  const facts = [...looks.flatMap(({ fact }) => fact ?? []), untried];
  return { ok: problems.length === 0, facts, problems };
}

async function look(
  region: Region,
  signal?: AbortSignal,
): Promise<{ readonly fact?: string; readonly problem?: string }> {
  try {
    await region.lambda.send(new ListFunctionsCommand({ MaxItems: 1 }), { abortSignal: signal });
    return { fact: `${region.name}: its functions can be seen.` };
  } catch (error) {
    // What another try may overcome says nothing of the account.
    if (error instanceof ProviderError && !error.retryable) return { problem: error.message };
    throw error;
  }
}
