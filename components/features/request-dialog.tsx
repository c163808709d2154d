'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { featureHref } from '@/components/features/features.view';
import { TextDiff } from '@/components/features/text-diff';
import { useRefreshFeatures } from '@/components/features/use-feature-acts';
import { useMessage } from '@/components/i18n/provider';
import { useMay } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog, DialogContent } from '@/components/ui/dialog';
import { Field, Textarea } from '@/components/ui/field';
import { MutationButton } from '@/components/ui/mutation-button';
import { QueryStates } from '@/components/ui/query-states';
import { Skeleton } from '@/components/ui/skeleton';
import { RelativeTime } from '@/components/ui/time';
import type { ChangeRequestView } from '@/server/domain/views/toggles';

/** A change request: what would change, who asks for it and why, and the decision. */
export function RequestDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations('features.requests');
  const trpc = useTRPC();
  const query = useQuery(trpc.toggles.requests.get.queryOptions({ id }));
  const request = query.data;
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent
        title={
          request ? t('heading', { name: request.toggleName, environment: request.environment }) : t('title')
        }
        description={request ? t('askedBy', { by: request.createdBy }) : undefined}
      >
        <QueryStates query={query} skeleton={<Skeleton className="h-48" />} failed={t('failed')}>
          {(found) => <Request request={found} onClose={onClose} />}
        </QueryStates>
      </DialogContent>
    </Dialog>
  );
}

function Request({ request, onClose }: { request: ChangeRequestView; onClose: () => void }) {
  const t = useTranslations('features.requests');
  const render = useMessage();
  const { reason, changes, sentenceBefore, sentenceAfter, before, after, status } = request;
  return (
    <div className="flex flex-col gap-4 text-sm">
      {reason ? <p className="text-base">“{reason}”</p> : null}
      <ul className="list-disc pl-5">
        {changes.map((one) => (
          <li key={`${one.key} ${JSON.stringify(one.values)}`}>{render(one)}</li>
        ))}
      </ul>
      <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[auto_1fr]">
        <dt className="text-muted">{t('now')}</dt>
        <dd>{sentenceBefore ? render(sentenceBefore) : t('notThere')}</dd>
        <dt className="text-muted">{t('then')}</dt>
        <dd className="font-medium">{render(sentenceAfter)}</dd>
      </dl>
      <Link
        href={featureHref(request.toggle)}
        className="self-start text-accent-ink underline underline-offset-4"
      >
        {t('toFeature')}
      </Link>
      <details>
        <summary className="cursor-pointer text-muted">{t('difference')}</summary>
        <TextDiff before={before} after={after} />
      </details>
      {status === 'open' ? <Decision request={request} onClose={onClose} /> : <Decided request={request} />}
    </div>
  );
}

function Decided({ request }: { request: ChangeRequestView }) {
  const t = useTranslations('features.requests');
  const { status, decidedBy, decidedAt, comment } = request;
  return (
    <p className="text-muted">
      {t(`statuses.${status}`)} · {decidedBy} {decidedAt ? <RelativeTime at={decidedAt} /> : null}
      {comment ? <span className="block">“{comment}”</span> : null}
    </p>
  );
}

function Decision({ request, onClose }: { request: ChangeRequestView; onClose: () => void }) {
  const t = useTranslations('features.requests');
  const mayReview = useMay('toggle.review');
  const mayWrite = useMay('toggle.write');
  const [comment, setComment] = useState('');
  const { approve, reject, withdraw } = useDecisions(onClose);
  const { id, isOwn, isOutdated } = request;
  const error = approve.error ?? reject.error ?? withdraw.error;
  const isPending = approve.isPending || reject.isPending || withdraw.isPending;
  const why = isOwn ? t('own') : mayReview ? (isOutdated ? t('outdatedText') : null) : t('notAllowed');
  return (
    <div className="flex flex-col gap-3 border-t pt-4">
      {why ? <p className="rounded-md bg-caution-soft px-3 py-2 text-caution-ink">{why}</p> : null}
      <Field label={t('comment')}>
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            maxLength={1000}
            value={comment}
            onChange={({ target }) => setComment(target.value)}
          />
        )}
      </Field>
      {error ? (
        <p role="alert" className="text-danger-ink">
          {error.message}
        </p>
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        {isOwn && mayWrite ? (
          <MutationButton
            pending={withdraw.isPending}
            disabled={isPending}
            onClick={() => withdraw.mutate({ id, comment })}
          >
            {t('withdraw')}
          </MutationButton>
        ) : null}
        <MutationButton
          variant="dangerOutline"
          pending={reject.isPending}
          disabled={!mayReview || isOwn || isPending}
          onClick={() => reject.mutate({ id, comment })}
        >
          {t('reject')}
        </MutationButton>
        <MutationButton
          variant="primary"
          pending={approve.isPending}
          disabled={!mayReview || isOwn || isOutdated || isPending}
          onClick={() => approve.mutate({ id, comment })}
        >
          {t('approve')}
        </MutationButton>
      </div>
    </div>
  );
}

function useDecisions(onDone: () => void) {
  const t = useTranslations('features.requests');
  const trpc = useTRPC();
  const refresh = useRefreshFeatures();
  const told = (text: string) => ({
    onSuccess: async () => {
      toast.success(text);
      onDone();
      await refresh();
    },
  });
  return {
    approve: useMutation(trpc.toggles.requests.approve.mutationOptions(told(t('approved')))),
    reject: useMutation(trpc.toggles.requests.reject.mutationOptions(told(t('rejected')))),
    withdraw: useMutation(trpc.toggles.requests.withdraw.mutationOptions(told(t('withdrawn')))),
  };
}
