import type { ComponentProps } from 'react';
import { cn } from '@/components/ui/cn';
import { moreAtTheEdge } from '@/components/ui/more-at-the-edge';

/** A table that scrolls sideways inside itself instead of widening the page. */
export function Table({ className, label, ...props }: ComponentProps<'table'> & { label: string }) {
  return (
    // A region that scrolls must be reachable by keyboard
    <section
      aria-label={label}
      tabIndex={0}
      className="scroll-slim relative overflow-x-auto"
      style={moreAtTheEdge()}
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
