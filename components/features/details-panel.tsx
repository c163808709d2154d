'use client';

import { useMutation } from '@tanstack/react-query';
import { Archive, ArchiveRestore } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { BasicFields, type Basics, basicsOf } from '@/components/features/basic-fields';
import { basicProblems } from '@/components/features/basics.view';
import { isSame } from '@/components/features/draft.view';
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
import { ErrorLine } from '@/components/ui/error-line';
import { ReasonDialog } from '@/components/ui/form-dialog';
import { MutationButton } from '@/components/ui/mutation-button';
import { useNow } from '@/components/ui/use-now';
import type { ToggleView } from '@/server/domain/views/toggles';

/** What is the same in every environment, and the end of a feature. */
export function DetailsPanel({ feature }: { feature: ToggleView }) {
  const t = useTranslations('features.details');
  const mayWrite = useMay('toggle.write');
  // Counted up to begin the form anew with what others have saved.
  const [beginning, setBeginning] = useState(0);
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <Card aria-label={t('title')}>
        <CardBody>
          <DetailsForm key={beginning} feature={feature} onRestart={() => setBeginning(beginning + 1)} />
        </CardBody>
      </Card>
      <div className="flex flex-col gap-4">
        {feature.dependents.length > 0 ? <Dependents feature={feature} /> : null}
        {mayWrite ? <ArchiveCard feature={feature} /> : null}
      </div>
    </div>
  );
}

function DetailsForm({ feature, onRestart }: { feature: ToggleView; onRestart: () => void }) {
  const t = useTranslations('features.details');
  const common = useTranslations('features');
  const mayWrite = useMay('toggle.write');
  const type = feature.valueType ?? 'string';
  const [base, setBase] = useState(() => formOf(feature));
  const [basics, setBasics] = useState(base.basics);
  const [typed, setTyped] = useState(base.typed);
  const save = useSaveDetails(feature, (revision) => setBase({ revision, basics, typed }));
  const variants = readVariants(type, typed);
  const current = formOf(feature);
  if (base.revision < feature.revision && !save.isPending) {
    const isTouched = !isSame(words(base), words({ basics, typed }));
    // Archiving, restoring and the like are no part of this form, and nothing is lost where nothing was typed.
    if (isSame(words(base), words(current))) setBase({ ...base, revision: feature.revision });
    else if (!isTouched) {
      setBase(current);
      setBasics(current.basics);
      setTyped(current.typed);
    }
  }
  const isOutdated = base.revision < feature.revision && !save.isPending;
  const problems = basicProblems(basics, feature.expiresAt, useNow());
  const canSave = variants !== null && problems.size === 0 && !isOutdated;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!variants || !canSave || save.isPending) return;
        const { tags, ...rest } = basics;
        const details = { ...rest, tags: readTags(tags), variants };
        save.mutate({ key: feature.key, details, revision: base.revision, reason: '' });
      }}
    >
      <fieldset disabled={!mayWrite} className="flex flex-col gap-4">
        <BasicFields value={basics} readOnly={!mayWrite} problems={problems} onChange={setBasics} />
        <VariantsEditor type={type} value={typed} readOnly={!mayWrite} onChange={setTyped} />
      </fieldset>
      {isOutdated ? (
        <p role="alert" className="flex flex-wrap items-center gap-2 text-caution-ink text-sm">
          {common('editor.outdated')}
          <Button size="sm" onClick={onRestart}>
            {common('editor.takeTheirs')}
          </Button>
          <Button size="sm" onClick={() => setBase({ ...base, revision: feature.revision })}>
            {common('editor.keepMine')}
          </Button>
        </p>
      ) : null}
      <ErrorLine error={save.error} />
      {mayWrite ? (
        <MutationButton
          type="submit"
          variant="primary"
          className="self-start"
          disabled={!canSave}
          pending={save.isPending}
          pendingLabel={common('saving')}
        >
          {t('save')}
        </MutationButton>
      ) : null}
    </form>
  );
}

interface DetailsWords {
  readonly basics: Basics;
  readonly typed: readonly TypedVariant[];
}

/** What the form begins with, and the revision at which that stood. */
function formOf(feature: ToggleView): DetailsWords & { readonly revision: number } {
  return {
    revision: feature.revision,
    basics: basicsOf(feature),
    typed: typedVariants(feature.variants),
  };
}

function words({ basics, typed }: DetailsWords): unknown {
  return { basics, variants: typed.map(({ name, text }) => [name, text]) };
}

function Dependents({ feature }: { feature: ToggleView }) {
  const t = useTranslations('features.details');
  return (
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
  );
}

function useSaveDetails({ key, name }: ToggleView, onRevision: (revision: number) => void) {
  const t = useTranslations('features.details');
  const trpc = useTRPC();
  const refresh = useRefreshFeatures();
  const tell = useTellOutcome(key);
  return useMutation(
    trpc.toggles.updateDetails.mutationOptions({
      onSuccess: async (outcome) => {
        tell(outcome, t('saved', { name }));
        if (outcome.kind !== 'requested') onRevision(outcome.revision);
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
  const tell = useTellOutcome(feature.key);
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
          <ErrorLine error={act.error} />
        </ReasonDialog>
      </CardBody>
    </Card>
  );
}
