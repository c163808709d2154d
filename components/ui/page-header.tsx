import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';

interface PageHeaderProps {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  /** Beside the title: a state, a version. */
  readonly aside?: ReactNode;
  readonly className?: string;
}

/** The page's only h1, what it is about, and what one can do. */
export function PageHeader({ title, description, actions, aside, className }: PageHeaderProps) {
  return (
    <header className={cn('flex flex-wrap items-start gap-x-4 gap-y-2 pb-4', className)}>
      <div className="min-w-0 flex-1 basis-60">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 truncate font-semibold text-xl tracking-tight">{title}</h1>
          {aside}
        </div>
        {description ? <div className="text-muted text-sm">{description}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  );
}
