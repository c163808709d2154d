import type { ComponentProps } from 'react';
import { cn } from '@/components/ui/cn';

/** A placeholder in the shape of what is coming. Put several in the real layout. */
export function Skeleton({ className, ...props }: ComponentProps<'div'>) {
  return <div aria-hidden className={cn('animate-shimmer rounded-md bg-sunken', className)} {...props} />;
}
