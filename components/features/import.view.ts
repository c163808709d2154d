import { isSame } from '@/components/features/draft.view';
import type { FlagImport } from '@/server/domain/views/toggles';

type Flag = FlagImport['flags'][number];

/** The flags of which somebody gets something else than before, with what it is. */
export function servedOtherwise({ flags }: Pick<FlagImport, 'flags'>): readonly {
  readonly key: string;
  readonly change: NonNullable<Flag['change']>;
}[] {
  return flags.flatMap(({ key, change }) => (change && isFelt(change) ? [{ key, change }] : []));
}

/** What is off before and after is the same to everyone, whatever its rules say. */
function isFelt({ before, after, sentenceBefore, sentenceAfter }: NonNullable<Flag['change']>): boolean {
  if (!isSame(sentenceBefore, sentenceAfter)) return true;
  return after.on && !isSame({ ...before, schedule: [] }, { ...after, schedule: [] });
}

/** Whether a file may be written as it is: nothing of it is refused. */
export function isWhole({ flags }: Pick<FlagImport, 'flags'>): boolean {
  return flags.every(({ outcome }) => outcome !== 'refused');
}
