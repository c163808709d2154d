'use client';

import { Check, CircleStop, History, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { shortDigest } from '@/components/gates/gate.view';
import { useMessage } from '@/components/i18n/provider';
import { Shape } from '@/components/status/shape';
import { VersionTag } from '@/components/status/version-tag';
import { CopyButton } from '@/components/ui/copy-button';
import { RelativeTime } from '@/components/ui/time';
import type { Message } from '@/server/domain/message';
import type { Evidence } from '@/server/domain/views/execution';

export function FactsSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-1.5 font-semibold text-muted text-xs">{title}</h3>
      {children}
    </section>
  );
}

/** What the author of the pipeline asks to be checked. */
export function Instructions({ text }: { text: string }) {
  const t = useTranslations('gates');
  if (text === '') return null;
  return (
    <FactsSection title={t('instructions')}>
      <p className="whitespace-pre-wrap text-sm">{text}</p>
    </FactsSection>
  );
}

/** The artifact itself: name, age, digest, what its builder said of it. */
export function Origin({ evidence }: { evidence: Evidence }) {
  const t = useTranslations('gates.artifact');
  const { artifact } = evidence;
  if (!artifact) return null;
  return (
    <FactsSection title={t('title')}>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
        <span className="font-medium">{artifact.name}</span>
        <VersionTag version={artifact.version} />
        <span className="text-muted">
          {t.rich('built', { time: () => <RelativeTime at={artifact.createdAt} /> })}
        </span>
      </div>
      <p className="flex items-center gap-1 text-muted">
        <code className="font-mono text-2xs" title={artifact.digest}>
          sha256:{shortDigest(artifact.digest)}
        </code>
        <CopyButton value={artifact.digest} />
      </p>
      {Object.keys(artifact.metadata).length > 0 ? (
        <dl className="grid grid-cols-[auto_1fr] gap-x-3 text-xs">
          {Object.entries(artifact.metadata).map(([key, value]) => (
            <div key={key} className="contents">
              <dt className="text-muted">{key}</dt>
              <dd className="truncate font-mono" title={value}>
                {value}
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
    </FactsSection>
  );
}

/** Where this very artifact has proved itself, and how it fares there now. */
export function Elsewhere({ elsewhere }: { elsewhere: Evidence['elsewhere'] }) {
  const t = useTranslations('gates.elsewhere');
  return (
    <FactsSection title={t('title')}>
      {elsewhere.length === 0 ? <p className="text-muted text-sm">{t('none')}</p> : null}
      <ul className="flex flex-col gap-1">
        {elsewhere.map((place) => {
          const well = place.healthy === place.total && place.total > 0;
          return (
            <li key={place.environment} className="flex flex-wrap items-center gap-x-2 text-sm">
              <Shape name={well ? 'dot' : 'square'} tone={well ? 'clear' : 'danger'} />
              <span className="font-medium">{place.environment}</span>
              <span className={well ? 'text-muted' : 'text-danger-ink'}>
                {t('row', { healthy: place.healthy, total: place.total })}
              </span>
              <span className="text-muted">
                · {t.rich('since', { time: () => <RelativeTime compact at={place.since} /> })}
              </span>
            </li>
          );
        })}
      </ul>
    </FactsSection>
  );
}

/** What speaks against it; a plain all-clear when nothing does. */
export function Warnings({ warnings }: { warnings: readonly Message[] }) {
  const t = useTranslations('gates.warnings');
  const say = useMessage();
  return (
    <FactsSection title={t('title')}>
      {warnings.length === 0 ? (
        <p className="flex items-center gap-2 text-sm">
          <Shape name="check" tone="clear" />
          {t('none')}
        </p>
      ) : (
        <ul className="flex flex-col gap-1.5">
          {warnings.map((warning) => (
            <li
              key={say(warning)}
              className="flex items-start gap-2 rounded-md bg-caution-soft px-2.5 py-1.5 text-caution-ink text-sm"
            >
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
              <span>{say(warning)}</span>
            </li>
          ))}
        </ul>
      )}
    </FactsSection>
  );
}

/** What each answer does, and how quickly it can be taken back. */
export function Consequences({ evidence }: { evidence: Evidence }) {
  const t = useTranslations('gates');
  return (
    <div className="flex flex-col gap-3">
      <Consequence
        icon={<Check aria-hidden className="size-4 text-clear" />}
        title={t('next.continue')}
        said={evidence.onContinue}
        otherwise={t('next.continueDefault')}
      />
      <Consequence
        icon={<CircleStop aria-hidden className="size-4 text-muted" />}
        title={t('next.stop')}
        said={evidence.onStop}
        otherwise={t('next.stopDefault')}
      />
      {evidence.rollbackSeconds === null ? null : (
        <p className="flex items-center gap-2 text-sm">
          <History aria-hidden className="size-4 text-muted" />
          {t('rollback', { seconds: evidence.rollbackSeconds })}
        </p>
      )}
    </div>
  );
}

interface ConsequenceProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly said: readonly Message[];
  readonly otherwise: string;
}

function Consequence({ icon, title, said, otherwise }: ConsequenceProps) {
  const say = useMessage();
  const lines = said.length > 0 ? said.map(say) : [otherwise];
  return (
    <section aria-label={title} className="flex gap-2">
      <span className="mt-0.5">{icon}</span>
      <div>
        <h3 className="font-semibold text-muted text-xs">{title}</h3>
        {lines.map((line) => (
          <p key={line} className="text-sm">
            {line}
          </p>
        ))}
      </div>
    </section>
  );
}
