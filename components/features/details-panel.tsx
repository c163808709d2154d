'use client';

import { useMutation } from '@tanstack/react-query';
import { Archive, ArchiveRestore } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { BasicFields, basicsOf } from '@/components/features/basic-fields';
import { featureHref, readTags } from '@/components/features/features.view';
import { useRefreshFeatures, useTellOutcome } from '@/components/features/use-feature-acts';
import {
  readVariants,
  type TypedVariant,
  typedVariants,
  VariantsEditor,
} from '@/components/features/variants-editor';
import { useMay } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { Card, CardBody } from '@/components/ui/card';
import { ReasonDialog } from '@/components/ui/form-dialog';
import { MutationButton } from '@/components/ui/mutation-button';
import type { ToggleView } from '@/server/domain/views/toggles';

/** What is the same in every environment, and the end of a feature. */
export function DetailsPanel({ feature }: { feature: ToggleView }) {
  const t = useTranslations('features.details');
  const common = useTranslations('features');
  const mayWrite = useMay('toggle.write');
  const type = feature.valueType ?? 'string';
  const [basics, setBasics] = useState(() => basicsOf(feature));
  const [typed, setTyped] = useState<readonly TypedVariant[]>(() => typedVariants(feature.variants));
  const save = useSaveDetails(feature);
  const variants = readVariants(type, typed);
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <Card aria-label={t('title')}>
        <CardBody>
          <form
            className="flex flex-col gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              if (!variants || basics.name.trim() === '' || save.isPending) return;
              const { tags, ...rest } = basics;
              const details = { ...rest, tags: readTags(tags), variants };
              save.mutate({ key: feature.key, details, revision: feature.revision, reason: '' });
            }}
          >
            <fieldset disabled={!mayWrite} className="flex flex-col gap-4">
              <BasicFields value={basics} readOnly={!mayWrite} onChange={setBasics} />
              <VariantsEditor type={type} value={typed} readOnly={!mayWrite} onChange={setTyped} />
            </fieldset>
            {save.error ? (
              <p role="alert" className="text-danger-ink text-sm">
                {save.error.message}
              </p>
            ) : null}
            {mayWrite ? (
              <MutationButton
                type="submit"
                variant="primary"
                className="self-start"
                disabled={!variants || basics.name.trim() === ''}
                pending={save.isPending}
                pendingLabel={common('saving')}
              >
                {t('save')}
              </MutationButton>
            ) : null}
          </form>
        </CardBody>
      </Card>
      <div className="flex flex-col gap-4">
        {feature.dependents.length > 0 ? (
          <Card aria-label={t('dependents')}>
            <CardBody>
              <h3 className="font-semibold text-base">{t('dependents')}</h3>
              <ul className="text-sm">
                {feature.dependents.map(({ toggle, environment }) => (
                  <li key={`${toggle} ${environment}`}>
                    <Link href={featureHref(toggle)} className="underline underline-offset-2">
                      {toggle}
                    </Link>{' '}
                    <span className="text-muted">{environment}</span>
                  </li>
                ))}
              </ul>
            </CardBody>
          </Card>
        ) : null}
        {mayWrite ? <ArchiveCard feature={feature} /> : null}
      </div>
    </div>
  );
}

function useSaveDetails({ name }: ToggleView) {
  const t = useTranslations('features.details');
  const trpc = useTRPC();
  const refresh = useRefreshFeatures();
  const tell = useTellOutcome();
  return useMutation(
    trpc.toggles.updateDetails.mutationOptions({
      onSuccess: async (outcome) => {
        tell(outcome, t('saved', { name }));
        await refresh();
      },
    }),
  );
}

function ArchiveCard({ feature }: { feature: ToggleView }) {
  const t = useTranslations('features.details');
  const common = useTranslations('features');
  const trpc = useTRPC();
  const refresh = useRefreshFeatures();
  const tell = useTellOutcome();
  const [isAsking, setAsking] = useState(false);
  const isArchived = feature.archivedAt !== null;
  const options = {
    onSuccess: async (outcome: Parameters<typeof tell>[0]) => {
      tell(
        outcome,
        isArchived ? t('restored', { name: feature.name }) : t('archived', { name: feature.name }),
      );
      setAsking(false);
      await refresh();
    },
  };
  const archive = useMutation(trpc.toggles.archive.mutationOptions(options));
  const restore = useMutation(trpc.toggles.restore.mutationOptions(options));
  const act = isArchived ? restore : archive;
  return (
    <Card aria-label={t('archiveTitle')}>
      <CardBody className="flex flex-col items-start gap-2">
        <h3 className="font-semibold text-base">{t('archiveTitle')}</h3>
        <p className="text-muted text-sm">{isArchived ? t('restoreText') : t('archiveText')}</p>
        <Button variant={isArchived ? 'secondary' : 'dangerOutline'} onClick={() => setAsking(true)}>
          {isArchived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
          {isArchived ? t('restore') : t('archive')}
        </Button>
        <ReasonDialog
          open={isAsking}
          onOpenChange={setAsking}
          title={
            isArchived ? t('restoreAsk', { name: feature.name }) : t('archiveAsk', { name: feature.name })
          }
          description={isArchived ? t('restoreText') : t('archiveText')}
          action={isArchived ? t('restore') : t('archive')}
          tone={isArchived ? 'primary' : 'danger'}
          pendingLabel={common('saving')}
          pending={act.isPending}
          reasonLabel={common('reason')}
          reasonHint={common('reasonHint')}
          onConfirm={(reason) => act.mutate({ key: feature.key, reason })}
        >
          {act.error ? (
            <p role="alert" className="text-danger-ink text-sm">
              {act.error.message}
            </p>
          ) : null}
        </ReasonDialog>
      </CardBody>
    </Card>
  );
}
