'use client';

import { Play } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useMe } from '@/components/nav/use-me';
import { RunDialog } from '@/components/pipelines/run-dialog';
import { Button } from '@/components/ui/button';
import type { PipelineView } from '@/server/domain/views/admin';

/** Opens the form to run a pipeline; off, with the reason, for those who may not. */
export function RunButton({ pipeline }: { pipeline: PipelineView }) {
  const t = useTranslations('pipelines.run');
  const me = useMe().data;
  const [open, setOpen] = useState(false);
  const forbidden = me !== undefined && !me.permissions.includes('execution.start');
  return (
    <>
      <Button
        disabled={forbidden}
        title={forbidden ? t('notAllowed') : undefined}
        onClick={() => setOpen(true)}
      >
        <Play aria-hidden />
        {t('button')}
      </Button>
      <RunDialog pipeline={pipeline} open={open} onOpenChange={setOpen} />
    </>
  );
}
