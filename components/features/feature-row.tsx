'use client';

import { TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { EnvironmentCell, type FeatureAct } from '@/components/features/environment-cell';
import { featureHref } from '@/components/features/features.view';
import { useMessage } from '@/components/i18n/provider';
import { Badge } from '@/components/ui/badge';
import type { ToggleSummary } from '@/server/domain/views/toggles';

interface FeatureRowProps {
  readonly feature: ToggleSummary;
  readonly mayWrite: boolean;
  readonly onAct: (act: FeatureAct) => void;
}

/** A feature in plain words, and how it stands everywhere. */
export function FeatureRow({ feature, mayWrite, onAct }: FeatureRowProps) {
  const t = useTranslations('features');
  const { key, name, description, kind, owner, tags, application, stale, environments } = feature;
  const about = [t(`kinds.${kind}`), application, owner ? t('ownedBy', { owner }) : null];
  return (
    <div className="grid gap-3 px-4 py-3 lg:grid-cols-[minmax(0,16rem)_minmax(0,1fr)] xl:grid-cols-[minmax(0,20rem)_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-col gap-1">
        <Link
          href={featureHref(key)}
          prefetch={false}
          className="break-words font-semibold text-base underline-offset-4 hover:underline"
        >
          {name}
        </Link>
        <code className="truncate font-mono text-faint text-xs" title={key}>
          {key}
        </code>
        {description ? <p className="line-clamp-2 text-muted text-sm">{description}</p> : null}
        <p className="text-muted text-xs">{about.filter(Boolean).join(' · ')}</p>
        {tags.length > 0 ? (
          <p className="flex flex-wrap gap-1">
            {tags.map((tag) => (
              <Badge key={tag}>
                <span className="truncate">{tag}</span>
              </Badge>
            ))}
          </p>
        ) : null}
        <StaleMarks feature={feature} />
      </div>
      {environments.length > 0 ? (
        <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,16rem),1fr))] gap-2">
          {environments.map((environment) => (
            <EnvironmentCell key={environment.environment} {...{ feature, environment, mayWrite, onAct }} />
          ))}
        </div>
      ) : (
        <p className="text-muted text-sm">{stale.length > 0 ? null : t('nowhere')}</p>
      )}
    </div>
  );
}

/** Why a feature should be cleaned up; nothing for most. */
export function StaleMarks({ feature }: { feature: Pick<ToggleSummary, 'stale'> }) {
  const render = useMessage();
  const t = useTranslations('features');
  const [first, ...more] = feature.stale;
  if (!first) return null;
  return (
    <p
      className="flex items-start gap-1 text-caution-ink text-xs"
      title={more.length > 0 ? feature.stale.map(({ sentence }) => render(sentence)).join('\n') : undefined}
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span>
        {render(first.sentence)}
        {more.length > 0 ? ` ${t('andMore', { count: more.length })}` : ''}
      </span>
    </p>
  );
}
