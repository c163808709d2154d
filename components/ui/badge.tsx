import type { ComponentProps } from 'react';
import { cn } from '@/components/ui/cn';
import { TONE_SOFT, type Tone } from '@/components/ui/tone';

/** A small word with a tone. */
export function Badge({ tone = 'neutral', className, ...props }: ComponentProps<'span'> & { tone?: Tone }) {
  return (
    <span
      className={cn(
        'inline-flex h-5 max-w-full items-center gap-1 whitespace-nowrap rounded-sm px-1.5 font-medium text-xs',
        TONE_SOFT[tone],
        className,
      )}
      {...props}
    />
  );
}
