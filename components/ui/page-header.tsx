import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';

interface PageHeaderProps {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  /** Beside the title: a state, a version. */
  readonly aside?: ReactNode;
  readonly className?: string;
  /** A title of names that people gave: all of it is shown, in several lines if need be, with `aside` beside it. */
  readonly wraps?: boolean;
}

/** The page's only h1, what it is about, and what one can do. */
export function PageHeader({
  title,
  description,
  actions,
  aside,
  className,
  wraps = false,
}: PageHeaderProps) {
  return (
    <header className={cn('flex flex-wrap items-start gap-x-4 gap-y-2 pb-4', className)}>
      <div className="min-w-0 flex-1 basis-60">
        <div className={cn('flex items-center gap-x-3 gap-y-1', !wraps && 'flex-wrap')}>
          <h1
            className={cn(
              'min-w-0 font-semibold text-xl tracking-tight',
              wraps ? '[overflow-wrap:anywhere]' : 'truncate',
            )}
          >
            {title}
          </h1>
          {wraps ? <span className="shrink-0">{aside}</span> : aside}
        </div>
        {description ? <div className="text-muted text-sm">{description}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  );
}
