import { isSame } from '@/components/features/draft.view';
import type { FlagImport } from '@/server/domain/views/toggles';

type Flag = FlagImport['flags'][number];

/** The flags of which somebody gets something else than before, with what it is. */
export function servedOtherwise({ flags }: Pick<FlagImport, 'flags'>): readonly {
  readonly key: string;
  readonly change: NonNullable<Flag['change']>;
}[] {
  return flags.flatMap(({ key, change }) =>
    change && !isSame(change.sentenceBefore, change.sentenceAfter) ? [{ key, change }] : [],
  );
}

/** Whether a file may be written as it is: nothing of it is refused. */
export function isWhole({ flags }: Pick<FlagImport, 'flags'>): boolean {
  return flags.every(({ outcome }) => outcome !== 'refused');
}
