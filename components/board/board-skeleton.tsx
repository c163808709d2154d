import { Skeleton } from '@/components/ui/skeleton';

const ROWS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** The board's layout before its data. */
export function BoardSkeleton() {
  return (
    <div aria-busy="true">
      <div className="flex gap-3 pb-3">
        <Skeleton className="h-8 w-64" />
        <Skeleton className="h-8 w-32 max-sm:hidden" />
      </div>
      <div className="overflow-hidden rounded-lg border bg-surface">
        <div className="h-9 border-b" />
        {ROWS.map((row) => (
          <div key={row} className="flex h-14 items-center gap-6 border-b px-3 last:border-b-0">
            <Skeleton className="h-4 w-28" />
            <Skeleton className="h-5 flex-1" />
            <Skeleton className="h-5 flex-1 max-md:hidden" />
            <Skeleton className="h-5 flex-1 max-md:hidden" />
          </div>
        ))}
      </div>
    </div>
  );
}
