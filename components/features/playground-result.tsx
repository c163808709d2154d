'use client';

import { Check, Minus, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { valueText, variantColours } from '@/components/features/features.view';
import { useMessage } from '@/components/i18n/provider';
import { Badge } from '@/components/ui/badge';
import type { ExplainedRule } from '@/server/domain/toggle-rules';
import type { TogglePreview } from '@/server/domain/views/toggles';

interface PlaygroundResultProps {
  readonly result: TogglePreview;
  readonly variants: readonly string[];
}

/** The very answer that an application gets, and how it came about. */
export function PlaygroundResult({ result, variants }: PlaygroundResultProps) {
  const t = useTranslations('features.try');
  const render = useMessage();
  const { evaluation, summary, prerequisites, rules, place } = result;
  const variant = evaluation.variant ?? null;
  const colour = variantColours(variants).get(variant) ?? 'var(--off)';
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <span aria-hidden className="size-3.5 rounded-sm" style={{ background: colour }} />
        <p className="font-semibold text-lg">{variant ?? t('codeDefault')}</p>
        {evaluation.value === undefined ? null : (
          <code className="break-all font-mono text-muted text-sm">{valueText(evaluation.value)}</code>
        )}
        <Badge tone={evaluation.reason === 'ERROR' ? 'danger' : 'neutral'}>{evaluation.reason}</Badge>
      </div>
      <p className="text-base">{render(summary)}</p>
      {evaluation.reason === 'ERROR' ? (
        <p className="text-danger-ink text-sm">{evaluation.errorDetails}</p>
      ) : null}
      {prerequisites.length > 0 ? (
        <ul className="flex flex-col gap-1 text-sm">
          {prerequisites.map(({ prerequisite, served, isMet }) => (
            <li key={prerequisite.toggle} className="flex items-center gap-2">
              <MetMark isMet={isMet} />
              {t('prerequisite', { feature: prerequisite.toggle, variant: served ?? t('codeDefault') })}
            </li>
          ))}
        </ul>
      ) : null}
      {rules === null ? (
        <p className="text-muted text-sm">{t('byHand')}</p>
      ) : (
        <ol className="flex flex-col gap-2">
          {rules.map((rule) => (
            <RuleAnswer key={rule.number} rule={rule} />
          ))}
        </ol>
      )}
      {place ? (
        <p className="text-muted text-sm">
          {t('place', { percent: place.percent, by: place.by ?? t('user') })}
        </p>
      ) : null}
    </div>
  );
}

function RuleAnswer({ rule }: { rule: ExplainedRule }) {
  const t = useTranslations('features.try');
  const render = useMessage();
  return (
    <li className="rounded-md border px-3 py-2 text-sm">
      <p className="flex items-center gap-2 font-medium">
        <MetMark isMet={rule.isMatch} />
        {t('rule', { number: rule.number })}
        <span className="font-normal text-muted">
          {rule.isMatch === null ? t('notAskedFor') : rule.isMatch ? t('matches') : t('matchesNot')}
        </span>
      </p>
      <ul className="mt-1 flex flex-col gap-0.5 pl-6">
        {rule.conditions.map(({ text, actual, isMet }) => (
          <li
            key={`${text.key} ${JSON.stringify(text.values)}`}
            className="flex flex-wrap items-center gap-x-2"
          >
            <MetMark isMet={isMet} />
            {render(text)}
            {actual ? <span className="text-muted">({render(actual)})</span> : null}
          </li>
        ))}
      </ul>
    </li>
  );
}

/** Yes, no, or not asked, in shape and word. */
function MetMark({ isMet }: { isMet: boolean | null }) {
  const t = useTranslations('features.try');
  const Icon = isMet === null ? Minus : isMet ? Check : X;
  return (
    <>
      <Icon aria-hidden className={isMet ? 'size-4 shrink-0 text-clear-ink' : 'size-4 shrink-0 text-muted'} />
      <span className="sr-only">{isMet === null ? t('notAskedFor') : isMet ? t('yes') : t('no')}</span>
    </>
  );
}
