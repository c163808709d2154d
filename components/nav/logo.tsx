import { cn } from '@/components/ui/cn';

/** A semaphore signal at clear. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 32 32" className={cn('size-7', className)}>
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <rect x="14.5" y="6" width="3" height="20" rx="1.5" fill="#fff" opacity=".5" />
      <circle cx="16" cy="10.5" r="3.75" fill="#fff" />
      <path d="M16 16.5h8a1.5 1.5 0 0 1 1.5 1.5v2a1.5 1.5 0 0 1-1.5 1.5h-8z" fill="#fff" />
    </svg>
  );
}
