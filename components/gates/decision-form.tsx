'use client';

import { Lock } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { decisionWords, missesInput } from '@/components/gates/gate.view';
import { useDecide } from '@/components/gates/use-decide';
import { useFocusKey } from '@/components/gates/use-focus-key';
import { useMessage } from '@/components/i18n/provider';
import { Field, Textarea } from '@/components/ui/field';
import { KeyHint } from '@/components/ui/key-hint';
import { MutationButton } from '@/components/ui/mutation-button';
import { Select } from '@/components/ui/select';
import type { Evidence, JudgmentView } from '@/server/domain/views/execution';

type Decision = JudgmentView['decision'];

/** Two buttons that say what they do; where one may not decide they are off and the reason is shown. */
export function DecisionForm({ evidence }: { evidence: Evidence }) {
  const t = useTranslations('gates.decide');
  const [input, setInput] = useState<string | null>(null);
  const [comment, setComment] = useState('');
  const [asked, setAsked] = useState(false);
  const decide = useDecide(evidence);
  const missing = missesInput('continue', { input, offered: evidence.inputs });
  const off = !evidence.mayDecide;

  const submit = (decision: Decision) => {
    setAsked(true);
    if (decision === 'continue' && missing) return;
    const { executionId, refId } = evidence;
    decide.mutate({
      executionId,
      refId,
      decision,
      input: input ?? undefined,
      comment: comment.trim() || undefined,
    });
  };

  return (
    <section
      aria-label={t('label')}
      className="z-10 flex flex-col gap-3 border-t bg-canvas p-4 md:sticky md:bottom-0"
    >
      {off ? <MayNot evidence={evidence} /> : null}
      {evidence.inputs.length > 0 && !off ? (
        <Field label={t('input')} error={asked && missing ? t('inputMissing') : null}>
          {(control) => (
            <Select
              {...control}
              value={input ?? undefined}
              onValueChange={setInput}
              placeholder={t('choose')}
              options={evidence.inputs.map((value) => ({ value, label: value }))}
              className="w-full"
            />
          )}
        </Field>
      ) : null}
      {off ? null : (
        <Field label={t('comment')}>
          {(control) => (
            <Textarea
              {...control}
              rows={1}
              placeholder={t('commentHint')}
              className="min-h-9"
              maxLength={2000}
              value={comment}
              onChange={(e) => setComment(e.target.value)}
            />
          )}
        </Field>
      )}
      <DecisionButtons
        evidence={evidence}
        pending={decide.isPending ? decide.variables.decision : null}
        onDecide={submit}
      />
    </section>
  );
}

interface DecisionButtonsProps {
  readonly evidence: Evidence;
  /** The answer on its way to the server. */
  readonly pending: Decision | null;
  readonly onDecide: (decision: Decision) => void;
}

function DecisionButtons({ evidence, pending, onDecide }: DecisionButtonsProps) {
  const t = useTranslations('gates.decide');
  const button = useRef<HTMLButtonElement>(null);
  useFocusKey('a', button);
  const words = decisionWords(evidence);
  const off = (decision: Decision) => !evidence.mayDecide || (pending !== null && pending !== decision);
  return (
    <div className="flex @md:flex-row flex-col gap-2">
      <MutationButton
        ref={button}
        variant="primary"
        size="lg"
        className="@md:flex-1"
        pending={pending === 'continue'}
        pendingLabel={t('continuing')}
        disabled={off('continue')}
        aria-keyshortcuts="a"
        onClick={() => onDecide('continue')}
      >
        <span className="truncate">{t(words.continue.key, words.continue.values)}</span>
        {evidence.mayDecide ? <KeyHint keys="A" className="hidden @lg:inline-flex" /> : null}
      </MutationButton>
      <MutationButton
        variant="dangerOutline"
        size="lg"
        className="@md:flex-1"
        pending={pending === 'stop'}
        pendingLabel={t('stopping')}
        disabled={off('stop')}
        onClick={() => onDecide('stop')}
      >
        <span className="truncate">{t(words.stop.key, words.stop.values)}</span>
      </MutationButton>
    </div>
  );
}

function MayNot({ evidence }: { evidence: Evidence }) {
  const t = useTranslations('gates');
  const say = useMessage();
  const roles = evidence.roles.map((role) => (isKnownRole(role) ? t(`roles.${role}`) : role)).join(', ');
  return (
    <div className="flex items-start gap-2 rounded-md bg-sunken px-3 py-2 text-sm">
      <Lock aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
      <div>
        <p className="font-medium">{t('decide.mayNot')}</p>
        <p className="text-muted">
          {evidence.mayNotReason ? say(evidence.mayNotReason) : t('decide.mayNotDefault', { roles })}
        </p>
      </div>
    </div>
  );
}

const KNOWN_ROLES = ['engineer', 'releaseManager', 'productOwner', 'admin'] as const;

function isKnownRole(role: string): role is (typeof KNOWN_ROLES)[number] {
  return KNOWN_ROLES.some((known) => known === role);
}
