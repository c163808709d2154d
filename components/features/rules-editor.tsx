'use client';

import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { ConditionList } from '@/components/features/condition-list';
import {
  type DraftProblem,
  draftOf,
  type FeatureDraft,
  firstServe,
  moved,
} from '@/components/features/draft.view';
import type { EditorPart } from '@/components/features/editor-context';
import { ServeEditor } from '@/components/features/serve-editor';
import { useTRPC } from '@/components/trpc/trpc';
import { Button, IconButton } from '@/components/ui/button';
import type { Rule, RuleList, Serve } from '@/server/domain/toggle-rules';
import type { ToggleDefinition } from '@/server/domain/toggles';

interface RulesEditorProps extends EditorPart {
  readonly problems: readonly DraftProblem[];
  /** How it stood when the draft began, to say who moves. */
  readonly base: ToggleDefinition;
}

/** Rules in the order in which they are asked, and what everyone else gets. */
export function RulesEditor({ feature, draft, put, problems, base, readOnly }: RulesEditorProps) {
  const t = useTranslations('features.rules');
  const segments = useSegmentKeys();
  const { rules, definition } = draft;
  if (!rules) return <HandWritten onReplace={() => put(withRules(draft, { rules: [], otherwise: null }))} />;
  const before = draftOf(base).rules;
  const rest = restVariant(definition);
  const change = (next: RuleList) => put(withRules(draft, next));
  const setRule = (index: number, rule: Rule) =>
    change({ ...rules, rules: rules.rules.map((one, at) => (at === index ? rule : one)) });
  const add = () => {
    const serve = firstServe(feature.variants, definition.defaultVariant);
    const condition = { operator: 'equals', attribute: '', value: '' } as const;
    change({ ...rules, rules: [...rules.rules, { match: 'all', conditions: [condition], serve }] });
  };
  return (
    <section aria-label={t('title')} className="flex flex-col gap-3">
      <h3 className="font-semibold text-base">{t('title')}</h3>
      {rules.rules.map((rule, index) => (
        <RuleCard
          // oxlint-disable-next-line react/no-array-index-key -- a rule has no name but its place
          key={index}
          {...{ rule, index, segments, readOnly }}
          count={rules.rules.length}
          problems={problems.filter(({ path }) => path.startsWith(`rules.${index}.`))}
          onChange={(next) => setRule(index, next)}
          onMove={(by) => change({ ...rules, rules: moved(rules.rules, index, by) })}
          onRemove={() => change({ ...rules, rules: rules.rules.toSpliced(index, 1) })}
        >
          <ServeEditor
            label={t('gets')}
            serve={rule.serve}
            before={base.on ? (before?.rules[index]?.serve ?? null) : null}
            variants={Object.keys(feature.variants)}
            rest={rest}
            onChange={(serve) => setRule(index, { ...rule, serve })}
          />
        </RuleCard>
      ))}
      {readOnly ? null : (
        <Button size="sm" className="self-start" onClick={add}>
          <Plus aria-hidden />
          {t('add')}
        </Button>
      )}
      <div className="rounded-md border bg-surface p-3">
        <h4 className="mb-2 font-medium text-sm">
          {rules.rules.length > 0 ? t('everyoneElse') : t('everyone')}
        </h4>
        <ServeEditor
          label={t('everyoneGets')}
          allowsNone
          serve={otherwiseOf(draft, rules)}
          before={base.on && before ? otherwiseOf({ definition: base, rules: before }, before) : null}
          variants={Object.keys(feature.variants)}
          rest={rest}
          onChange={(serve) => put(withOtherwise(draft, rules, serve))}
          onNone={() =>
            put({ definition: { ...definition, defaultVariant: null }, rules: { ...rules, otherwise: null } })
          }
        />
      </div>
    </section>
  );
}

/** Those get it who do not get the feature. */
function restVariant({ offVariant, defaultVariant }: ToggleDefinition): string | null {
  return offVariant ?? defaultVariant;
}

/** What everyone else gets, wherever it is written; null for the default in the code. */
function otherwiseOf({ definition }: FeatureDraft, rules: RuleList): Serve | null {
  if (rules.otherwise) return rules.otherwise;
  const { defaultVariant } = definition;
  return defaultVariant === null ? null : { kind: 'variant', variant: defaultVariant };
}

function withOtherwise(draft: FeatureDraft, rules: RuleList, serve: Serve): FeatureDraft {
  if (serve.kind === 'split') return { ...draft, rules: { ...rules, otherwise: serve } };
  // One variant for everyone is the default variant, which also those get who cannot be split.
  const definition = { ...draft.definition, defaultVariant: serve.variant };
  return { definition, rules: { ...rules, otherwise: null } };
}

/** Without rules, one variant for everyone else can only be the default. */
function withRules(draft: FeatureDraft, rules: RuleList): FeatureDraft {
  if (rules.rules.length === 0 && rules.otherwise?.kind === 'variant') {
    return withOtherwise({ ...draft, rules }, rules, rules.otherwise);
  }
  return { ...draft, rules };
}

function useSegmentKeys(): readonly string[] {
  const trpc = useTRPC();
  return (useQuery(trpc.toggles.segments.list.queryOptions({})).data ?? []).map(({ key }) => key);
}

interface RuleCardProps {
  readonly rule: Rule;
  readonly index: number;
  readonly count: number;
  readonly segments: readonly string[];
  readonly readOnly: boolean;
  readonly problems: readonly DraftProblem[];
  readonly onChange: (rule: Rule) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
  /** What it serves. */
  readonly children: React.ReactNode;
}

function RuleCard({ rule, index, count, segments, readOnly, problems, children, ...act }: RuleCardProps) {
  const t = useTranslations('features.rules');
  const number = index + 1;
  return (
    <div
      role="group"
      aria-label={t('rule', { number })}
      className="flex flex-col gap-3 rounded-md border bg-surface p-3"
    >
      <div className="flex items-center gap-1">
        <h4 className="mr-auto font-medium text-sm">{t('rule', { number })}</h4>
        {readOnly ? null : (
          <>
            <IconButton
              size="sm"
              label={t('up', { number })}
              disabled={index === 0}
              onClick={() => act.onMove(-1)}
            >
              <ArrowUp aria-hidden />
            </IconButton>
            <IconButton
              size="sm"
              label={t('down', { number })}
              disabled={index === count - 1}
              onClick={() => act.onMove(1)}
            >
              <ArrowDown aria-hidden />
            </IconButton>
            <IconButton size="sm" label={t('remove', { number })} onClick={act.onRemove}>
              <Trash2 aria-hidden />
            </IconButton>
          </>
        )}
      </div>
      <ConditionList
        value={rule}
        {...{ segments, readOnly, problems }}
        prefix={`rules.${index}.`}
        onChange={(conditions) => act.onChange({ ...rule, ...conditions })}
      />
      {children}
    </div>
  );
}

function HandWritten({ onReplace }: { onReplace: () => void }) {
  const t = useTranslations('features.rules');
  return (
    <div className="flex flex-col items-start gap-2 rounded-md border bg-surface p-3 text-sm">
      <p>{t('byHand')}</p>
      <Button size="sm" onClick={onReplace}>
        {t('startAnew')}
      </Button>
    </div>
  );
}
