'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { TextDiff } from '@/components/features/text-diff';
import { useMessage } from '@/components/i18n/provider';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import type { Tone } from '@/components/ui/tone';
import type { FlagImport } from '@/server/domain/views/toggles';

const TONES = {
  created: 'clear',
  changed: 'moving',
  unchanged: 'off',
  refused: 'danger',
  kept: 'off',
} as const satisfies Record<FlagImport['flags' | 'segments'][number]['outcome'], Tone>;

/** What becomes of every flag and segment of a file. */
export function ImportReport({ report }: { report: FlagImport }) {
  const t = useTranslations('features.files');
  const render = useMessage();
  return (
    <div role="status" className="flex flex-col gap-2 text-sm">
      <p className="font-medium">{report.isWritten ? t('written') : t('wouldBe')}</p>
      {report.notes.map((note) => (
        <p key={render(note)} className="text-caution-ink">
          {render(note)}
        </p>
      ))}
      <ul className="flex flex-col gap-1">
        {report.flags.map(({ key, outcome, notes, change }) => (
          <li key={key} className="flex flex-wrap items-center gap-2">
            <Badge tone={TONES[outcome]}>{t(`outcomes.${outcome}`)}</Badge>
            <code className="break-all font-mono text-xs">{key}</code>
            {notes.map((note) => (
              <span key={render(note)} className={outcome === 'refused' ? 'text-danger-ink' : 'text-muted'}>
                {render(note)}
              </span>
            ))}
            {change ? <FlagDifference change={change} /> : null}
          </li>
        ))}
        {report.segments.map(({ key, outcome }) => (
          <li key={`segment ${key}`} className="flex flex-wrap items-center gap-2">
            <Badge tone={TONES[outcome]}>{t(`outcomes.${outcome}`)}</Badge>
            <code className="break-all font-mono text-xs">{key}</code>
            <span className="text-muted">{t('segment')}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What stands now and what would, in a sentence and as JSON. */
function FlagDifference({ change }: { change: NonNullable<FlagImport['flags'][number]['change']> }) {
  const t = useTranslations('features.files');
  const common = useTranslations('features');
  const render = useMessage();
  const [isOpen, setOpen] = useState(false);
  const { before, after, changes } = change;
  return (
    <div className="w-full">
      <p className="text-muted">{changes.map(render).join(' · ')}</p>
      <Button size="sm" variant="ghost" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? common('history.hide') : t('difference')}
      </Button>
      {isOpen ? <TextDiff before={before} after={after} /> : null}
    </div>
  );
}
