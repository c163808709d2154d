'use client';

import { useTranslations } from 'use-intl';
import type { AccountFreshness } from '@/server/domain/views/application';

export type Unseen = Pick<AccountFreshness, 'error' | 'cause' | 'seenAt'>;

/** Why an account cannot be seen, as a sentence in the reader's language where the reason is ours to tell. */
export function useUnseenReason(): (account: Unseen) => string {
  const t = useTranslations('clusters.unseen');
  return ({ error, cause, seenAt }) => {
    switch (cause) {
      case null:
        return sentence(error ?? '');
      case 'unanswered':
        return seenAt === null ? t('unansweredYet') : t('unanswered', { since: new Date(seenAt) });
      case 'gone':
      case 'never':
      case 'unwatched':
        return t(cause);
      default:
        return cause satisfies never;
    }
  };
}

/** Platforms end their words with a full stop or without. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
