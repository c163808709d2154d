'use client';

import { Download, Save } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { configHref } from '@/components/canary/places.view';
import { configText } from '@/components/canary/workbench/config.view';
import { saveAsFile } from '@/components/canary/workbench/save-as-file';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { MutationButton } from '@/components/ui/mutation-button';
import { PageHeader } from '@/components/ui/page-header';
import type { CanaryConfig } from '@/server/domain/canary';

interface WorkbenchHeaderProps {
  readonly application: string;
  readonly name: string | null;
  readonly title: string;
  /** Null for a new one. */
  readonly revision: number | null;
  readonly mayWrite: boolean;
  readonly isDirty: boolean;
  readonly isSaving: boolean;
  readonly blocked: boolean;
  readonly exported: CanaryConfig;
  readonly onSave: () => void;
}

/** What is written, how it stands to what is saved, and the verbs. */
export function WorkbenchHeader(props: WorkbenchHeaderProps) {
  const { application, name, title, revision, mayWrite, isDirty, blocked, exported } = props;
  const t = useTranslations('workbench');
  return (
    <PageHeader
      title={title || t('newTitle')}
      description={t('description')}
      aside={
        <>
          {revision === null ? (
            <Badge>{t('notSavedYet')}</Badge>
          ) : (
            <Badge>{t('revision', { revision })}</Badge>
          )}
          {isDirty && mayWrite && revision !== null ? <Badge tone="caution">{t('unsaved')}</Badge> : null}
          {mayWrite ? null : <Badge>{t('readOnly')}</Badge>}
        </>
      }
      actions={
        <>
          <Button asChild>
            <Link href={configHref(application)}>{t('close')}</Link>
          </Button>
          <Button onClick={() => saveAsFile(`${name ?? 'canary'}.json`, configText(exported))}>
            <Download aria-hidden />
            {t('export')}
          </Button>
          {mayWrite ? (
            <MutationButton
              variant="primary"
              pending={props.isSaving}
              pendingLabel={t('saving')}
              disabled={blocked || !isDirty}
              title={blocked ? t('blocked') : undefined}
              onClick={props.onSave}
            >
              <Save aria-hidden />
              {t('save')}
            </MutationButton>
          ) : null}
        </>
      }
    />
  );
}
