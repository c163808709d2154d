import { Skeleton } from '@/components/ui/skeleton';

/** Rows of a table that is on its way. */
export function RowsSkeleton() {
  return ['a', 'b', 'c'].map((row) => (
    <div key={row} className="flex h-12 items-center gap-6 border-b px-4 last:border-b-0">
      <Skeleton className="h-4 w-32" />
      <Skeleton className="h-4 flex-1" />
      <Skeleton className="h-4 w-20" />
    </div>
  ));
}
