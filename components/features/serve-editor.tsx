'use client';

import { useTranslations } from 'use-intl';
import { inSplitOrder, newSplit } from '@/components/features/split.view';
import { SplitEditor } from '@/components/features/split-editor';
import { Select } from '@/components/ui/select';
import type { Serve } from '@/server/domain/toggle-rules';

interface ServeEditorProps {
  /** Null for the default in the code. */
  readonly serve: Serve | null;
  /** What it was, to say who moves. */
  readonly before: Serve | null;
  readonly variants: readonly string[];
  /** What those get who do not get the feature, when there is such a variant. */
  readonly rest: string | null;
  readonly label: string;
  /** Whether it may be left to the default in the code. */
  readonly allowsNone?: boolean;
  readonly onChange: (serve: Serve) => void;
  readonly onNone?: () => void;
}

/** In a list of variants, what stands for what is no variant; a name cannot begin so by accident. */
const SPLIT = '\u0000split';
const NONE = '\u0000none';

/** One variant for all who come here, or a split by percentages. */
export function ServeEditor(props: ServeEditorProps) {
  const { serve, before, variants, rest, label, allowsNone = false, onChange, onNone } = props;
  const t = useTranslations('features.rules');
  const value = serve === null ? NONE : serve.kind === 'split' ? SPLIT : serve.variant;
  const choose = (next: string) => {
    if (next === NONE) onNone?.();
    else if (next === SPLIT) {
      // It begins where everyone is now, so that choosing it moves nobody.
      const everyone = serve?.kind === 'variant' ? serve.variant : (rest ?? variants[0] ?? '');
      onChange(newSplit(inSplitOrder(variants, rest), everyone));
    } else onChange({ kind: 'variant', variant: next });
  };
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <span>{label}</span>
        <Select
          aria-label={label}
          value={value}
          onValueChange={choose}
          options={[
            ...variants.map((variant) => ({ value: variant, label: variant })),
            ...(variants.length > 1 ? [{ value: SPLIT, label: t('split') }] : []),
            ...(allowsNone ? [{ value: NONE, label: t('codeDefault') }] : []),
          ]}
        />
      </div>
      {serve?.kind === 'split' ? (
        <SplitEditor split={serve} before={before} variants={variants} rest={rest} onChange={onChange} />
      ) : null}
    </div>
  );
}
