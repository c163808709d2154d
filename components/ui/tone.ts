/** What a colour says. `neutral` says nothing. */
export type Tone = 'clear' | 'caution' | 'danger' | 'moving' | 'off' | 'accent' | 'neutral';

/** Areas: soft background with its ink. Written out because Tailwind reads class names literally. */
export const TONE_SOFT: Readonly<Record<Tone, string>> = {
  clear: 'bg-clear-soft text-clear-ink',
  caution: 'bg-caution-soft text-caution-ink',
  danger: 'bg-danger-soft text-danger-ink',
  moving: 'bg-moving-soft text-moving-ink',
  off: 'bg-off-soft text-off-ink',
  accent: 'bg-accent-soft text-accent-ink',
  neutral: 'bg-sunken text-muted',
};

/** Text alone. */
export const TONE_INK: Readonly<Record<Tone, string>> = {
  clear: 'text-clear-ink',
  caution: 'text-caution-ink',
  danger: 'text-danger-ink',
  moving: 'text-moving-ink',
  off: 'text-off-ink',
  accent: 'text-accent-ink',
  neutral: 'text-muted',
};

/** Marks: shapes and bars, never text. */
export const TONE_MARK: Readonly<Record<Tone, string>> = {
  clear: 'text-clear',
  caution: 'text-caution',
  danger: 'text-danger',
  moving: 'text-moving',
  off: 'text-off',
  accent: 'text-accent',
  neutral: 'text-muted',
};
