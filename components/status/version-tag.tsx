import { versionClass } from '@/components/status/version.view';
import { cn } from '@/components/ui/cn';

interface VersionTagProps {
  readonly version: string;
  readonly size?: 'sm' | 'md';
  /** Strikes it through: nobody may deploy it. */
  readonly vetoed?: boolean;
  readonly className?: string;
}

/** A version in its colour, the same on every screen. */
export function VersionTag({ version, size = 'md', vetoed = false, className }: VersionTagProps) {
  return (
    <span
      title={version}
      className={cn(
        versionClass(version),
        'inline-flex min-w-0 max-w-full items-center gap-1.5 rounded-sm bg-version-soft pr-1.5 pl-1 font-medium font-mono text-version-ink',
        size === 'sm' ? 'h-[18px] text-2xs' : 'h-5 text-xs',
        className,
      )}
    >
      <span aria-hidden className="h-3 w-[3px] shrink-0 rounded-full bg-version" />
      <span className={cn('truncate', vetoed && 'line-through')}>{version}</span>
    </span>
  );
}
