import { cn } from '@/components/ui/cn';

/** Keys to press, e.g. `g b`. A hint for the eye; the action carries `aria-keyshortcuts` where it matters. */
export function KeyHint({ keys, className }: { keys: string; className?: string }) {
  return (
    <span aria-hidden className={cn('inline-flex gap-0.5', className)}>
      {keys.split(' ').map((key) => (
        <kbd
          key={key}
          className="inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-sm border border-line-strong bg-surface px-1 font-mono text-2xs text-muted"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
