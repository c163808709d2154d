'use client';

import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useForm } from '@/components/editor/form/form-context';

interface FoldProps {
  readonly title: string;
  /** What the paths of all fields within begin with. */
  readonly path: string;
  /** How it is at first. */
  readonly isOpen?: boolean;
  readonly children: ReactNode;
}

/** What few people need, folded away. One that is wrong within is open. */
export function Fold({ title, path, isOpen = false, children }: FoldProps) {
  const { issues } = useForm();
  const isWrong = issues.some((issue) => issue.path.startsWith(path));
  return (
    <details open={isWrong || isOpen || undefined} className="group/fold rounded-md border">
      <summary className="flex h-8 items-center gap-1.5 rounded-md px-2.5 text-muted text-sm hover:bg-sunken hover:text-ink">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open/fold:rotate-90" />
        {title}
      </summary>
      <div className="flex flex-col gap-4 border-t p-3">{children}</div>
    </details>
  );
}
