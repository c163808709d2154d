import { Skeleton } from '@/components/ui/skeleton';

/** The workbench while it is on its way. */
export function WorkbenchSkeleton() {
  return (
    <>
      <Skeleton className="mb-4 h-8 w-72 max-w-full" />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="flex flex-col gap-4">
          <Skeleton className="h-64" />
          <Skeleton className="h-11" />
          <Skeleton className="h-11" />
          <Skeleton className="h-40" />
        </div>
        <Skeleton className="h-96" />
      </div>
    </>
  );
}
