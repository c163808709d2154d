'use client';

import { CircleSlash } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { pinsAmong } from '@/components/deploy/deploy.view';
import { LiftPins } from '@/components/deploy/lift-pins';
import { useMay } from '@/components/nav/use-me';
import { Button } from '@/components/ui/button';
import type { DeployObjection } from '@/server/domain/views/deployment';

interface DeployObjectionsProps {
  readonly application: string;
  readonly objections: readonly DeployObjection[];
}

/** Why the deploy would be refused, and the way out. */
export function DeployObjections({ application, objections }: DeployObjectionsProps) {
  const t = useTranslations('deploy.objections');
  const vetoed = objections.some(({ kind }) => kind === 'vetoed');
  if (objections.length === 0) return null;
  return (
    <div
      role="alert"
      className="flex items-start gap-3 rounded-md bg-caution-soft px-3 py-2.5 text-caution-ink text-sm"
    >
      <CircleSlash aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="flex min-w-0 flex-col items-start gap-1.5">
        <p className="font-semibold">{t('title')}</p>
        <ul className="flex flex-col gap-1">
          {objections.map((objection) => (
            <li key={JSON.stringify(objection)} className="wrap-anywhere">
              <Objection objection={objection} />
            </li>
          ))}
        </ul>
        {vetoed ? (
          <p>
            {t('otherVersion')}{' '}
            <Link href="/artifacts" className="underline">
              {t('toArtifact')}
            </Link>
          </p>
        ) : null}
        <WayPastPins application={application} objections={objections} />
      </div>
    </div>
  );
}

function Objection({ objection }: { objection: DeployObjection }) {
  const t = useTranslations('deploy.objections');
  switch (objection.kind) {
    case 'pinned': {
      const { cluster, pin } = objection;
      return t('pinned', { cluster, version: pin.version, by: pin.by, reason: pin.reason });
    }
    case 'vetoed': {
      const { artifact, version, veto } = objection;
      return t('vetoed', { artifact, version, by: veto.by, reason: veto.reason });
    }
    case 'missing': {
      const { environment, artifact, version, bakedBy } = objection;
      return t('missing', { environment, artifact, version, bakedBy: bakedBy.join(', ') || 'none' });
    }
    case 'pipeline':
      return objection.why;
    default:
      return objection satisfies never;
  }
}

function WayPastPins({ application, objections }: DeployObjectionsProps) {
  const t = useTranslations('deploy.objections');
  const [open, setOpen] = useState(false);
  const mayLift = useMay('cluster.operate');
  const pins = pinsAmong(objections);
  if (pins.length === 0) return null;
  if (!mayLift) return <p>{t('notYours')}</p>;
  return (
    <>
      <p>{t('liftFirst', { count: pins.length })}</p>
      <Button size="sm" onClick={() => setOpen(true)}>
        {t('lift', { count: pins.length })}
      </Button>
      <LiftPins application={application} pins={pins} open={open} onOpenChange={setOpen} />
    </>
  );
}
