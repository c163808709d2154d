'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { ConditionList } from '@/components/features/condition-list';
import { proposedKey } from '@/components/features/features.view';
import { useRefreshFeatures } from '@/components/features/use-feature-acts';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';
import { ErrorLine } from '@/components/ui/error-line';
import { Field, Input, Textarea } from '@/components/ui/field';
import { FormDialogContent } from '@/components/ui/form-dialog';
import { type Conditions, conditionsSchema } from '@/server/domain/toggle-rules';
import type { SegmentView } from '@/server/domain/views/toggles';
import { fromLogic } from '@/server/toggles/rules/condition-from-logic';

interface SegmentDialogProps {
  /** Null for a new one. */
  readonly segment: SegmentView | null;
  readonly onClose: () => void;
}

const FIRST: Conditions = { match: 'all', conditions: [{ operator: 'equals', attribute: '', value: '' }] };

/** A group of people by conditions; what was written by hand as JSON is kept and only renamed here. */
export function SegmentDialog({ segment, onClose }: SegmentDialogProps) {
  const t = useTranslations('features.segments');
  const common = useTranslations('features');
  const [name, setName] = useState(segment?.name ?? '');
  const [description, setDescription] = useState(segment?.description ?? '');
  const [conditions, setConditions] = useState(() => (segment ? fromLogic(segment.condition) : FIRST));
  const [asked, setAsked] = useState(false);
  const others = useOtherSegments(segment?.key ?? null);
  const save = useSaveSegment(onClose);
  const key = segment?.key ?? proposedKey(name);
  const read = conditions && conditionsSchema.safeParse(conditions);
  const problems = read && !read.success ? read.error.issues : [];
  const submit = () => {
    setAsked(true);
    if (name.trim() === '' || key === '' || problems.length > 0) return;
    const what = conditions ? { conditions } : { condition: segment?.condition };
    save.mutate({
      key,
      name: name.trim(),
      description,
      revision: segment?.revision ?? 0,
      reason: '',
      ...what,
    });
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <FormDialogContent
        title={segment ? t('editTitle', { name: segment.name }) : t('newTitle')}
        description={
          segment && segment.usedBy.length > 0
            ? t('usedText', { count: segment.usedBy.length })
            : t('newText')
        }
        action={t('save')}
        pendingLabel={common('saving')}
        pending={save.isPending}
        onSubmit={submit}
      >
        <Field label={t('name')} hint={key} error={asked && name.trim() === '' ? t('nameBad') : null}>
          {(control) => (
            <Input
              {...control}
              maxLength={200}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <Field label={t('descriptionLabel')}>
          {(control) => (
            <Textarea
              {...control}
              rows={2}
              value={description}
              onChange={({ target }) => setDescription(target.value)}
            />
          )}
        </Field>
        {conditions ? (
          <ConditionList
            value={conditions}
            segments={others}
            readOnly={false}
            prefix=""
            problems={asked ? problems.map(({ path, message }) => ({ path: path.join('.'), message })) : []}
            onChange={setConditions}
          />
        ) : (
          <p className="text-muted text-sm">{t('byHand')}</p>
        )}
        <ErrorLine error={save.error} />
      </FormDialogContent>
    </Dialog>
  );
}

function useOtherSegments(own: string | null): readonly string[] {
  const trpc = useTRPC();
  const all = useQuery(trpc.toggles.segments.list.queryOptions({})).data ?? [];
  return all.map(({ key }) => key).filter((key) => key !== own);
}

function useSaveSegment(onDone: () => void) {
  const t = useTranslations('features.segments');
  const trpc = useTRPC();
  const refresh = useRefreshFeatures();
  return useMutation(
    trpc.toggles.segments.save.mutationOptions({
      onSuccess: async () => {
        toast.success(t('saved'));
        onDone();
        await refresh();
      },
    }),
  );
}
