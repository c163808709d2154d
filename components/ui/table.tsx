import type { ComponentProps } from 'react';
import { cn } from '@/components/ui/cn';

/**
 * A shade at each edge behind which there is more. The covers move with the content and hide the shade where
 * it ends, so that no script has to watch the scrolling.
 */
const MORE_AT_THE_EDGE = {
  background: [
    'linear-gradient(to right, var(--surface) 40%, transparent) left / 2.5rem 100% no-repeat local',
    'linear-gradient(to left, var(--surface) 40%, transparent) right / 2.5rem 100% no-repeat local',
    'linear-gradient(to right, var(--line-strong), transparent) left / 1rem 100% no-repeat scroll',
    'linear-gradient(to left, var(--line-strong), transparent) right / 1rem 100% no-repeat scroll',
  ].join(', '),
} as const;

/** A table that scrolls sideways inside itself instead of widening the page. */
export function Table({ className, label, ...props }: ComponentProps<'table'> & { label: string }) {
  return (
    // A region that scrolls must be reachable by keyboard
    <section
      aria-label={label}
      tabIndex={0}
      className="scroll-slim relative overflow-x-auto"
      style={MORE_AT_THE_EDGE}
    >
      <table className={cn('w-full border-collapse text-sm', className)} {...props} />
    </section>
  );
}

export function TableHead({ className, ...props }: ComponentProps<'thead'>) {
  return <thead className={cn('border-b text-left text-muted text-xs', className)} {...props} />;
}

export function TableBody(props: ComponentProps<'tbody'>) {
  return <tbody {...props} />;
}

export function TableRow({ className, ...props }: ComponentProps<'tr'>) {
  return <tr className={cn('border-b last:border-b-0', className)} {...props} />;
}

export function TableHeader({ className, scope = 'col', ...props }: ComponentProps<'th'>) {
  return (
    <th
      scope={scope}
      className={cn('h-9 whitespace-nowrap px-3 text-left font-medium', className)}
      {...props}
    />
  );
}

export function TableCell({ className, ...props }: ComponentProps<'td'>) {
  return <td className={cn('h-10 px-3 py-1.5 align-middle', className)} {...props} />;
}
