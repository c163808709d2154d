'use client';

import { useLocale, useTranslations } from 'use-intl';
import { percentDigits } from '@/components/canary/numbers.view';

/** Numbers of a report in the reader's language. */
export interface Numbers {
  /** A value of a metric, in whatever unit its name says; a dash where there is none. */
  readonly measure: (value: number | null) => string;
  /** The same for an axis: short. */
  readonly short: (value: number) => string;
  /** A share as percent: 0.38 is 38 %. */
  readonly percent: (share: number) => string;
  /** A relative change with its sign. */
  readonly change: (share: number) => string;
  /** 0..100 */
  readonly score: (value: number) => string;
  readonly count: (value: number) => string;
}

const NONE = '–';

/** From here on digits say less than the power of ten. */
const TINY = 1e-6;
const HUGE = 1e12;
/** Does not fit beside an axis in full. */
const LONG = 10_000;

export function useNumbers(): Numbers {
  const locale = useLocale();
  const t = useTranslations('canary');
  const format = (value: number, options: Intl.NumberFormatOptions) =>
    new Intl.NumberFormat(locale, options).format(value);
  const percent = (share: number, signDisplay: 'auto' | 'exceptZero') =>
    t('percent', {
      value: format(share * 100, { maximumFractionDigits: percentDigits(share), signDisplay }),
    });
  return {
    measure: (value) => {
      if (value === null) return NONE;
      const size = Math.abs(value);
      const notation = size !== 0 && (size < TINY || size >= HUGE) ? 'scientific' : 'standard';
      return format(value, { maximumSignificantDigits: 4, notation });
    },
    short: (value) =>
      Math.abs(value) >= LONG
        ? format(value, { maximumSignificantDigits: 3, notation: 'compact' })
        : format(value, { maximumSignificantDigits: 4 }),
    percent: (share) => percent(share, 'auto'),
    change: (share) => percent(share, 'exceptZero'),
    score: (value) => format(value, { maximumFractionDigits: 1 }),
    count: (value) => format(value, { maximumFractionDigits: 0 }),
  };
}
