import { ProviderError } from '@/server/providers/provider';

/** Waits for a removal; what is not there needs none. */
export async function gone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== 'not_found') throw error;
  }
}
