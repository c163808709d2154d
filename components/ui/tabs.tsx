'use client';

import { Tabs as Radix } from 'radix-ui';
import { type ComponentProps, useEffect, useRef } from 'react';
import { cn } from '@/components/ui/cn';

export const Tabs = Radix.Root;

export function TabsList({ className, ...props }: ComponentProps<typeof Radix.List>) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => (list.current ? keepActiveInView(list.current) : undefined), []);
  return (
    <Radix.List
      ref={list}
      className={cn('scroll-slim flex gap-1 overflow-x-auto border-b', className)}
      {...props}
    />
  );
}

/** Scrolls the list, and never the page, to the active tab whenever that is another one. */
function keepActiveInView(list: HTMLElement): () => void {
  const show = () => {
    const active = list.querySelector<HTMLElement>('[role="tab"][data-state="active"]');
    if (!active) return;
    const [outer, inner] = [list.getBoundingClientRect(), active.getBoundingClientRect()];
    if (inner.left < outer.left) list.scrollLeft += inner.left - outer.left - PEEK_PX;
    else if (inner.right > outer.right) list.scrollLeft += inner.right - outer.right + PEEK_PX;
  };
  show();
  const observer = new MutationObserver(show);
  // Tabs that only some may see come later than the list.
  observer.observe(list, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['data-state'],
  });
  return () => observer.disconnect();
}

/** Of the neighbour, so that one sees that there is one. */
const PEEK_PX = 24;

export const tabClass =
  '-mb-px inline-flex h-9 items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 px-3 font-medium text-muted text-sm transition-colors hover:text-ink focus-visible:outline-offset-[-2px] data-[state=active]:border-accent data-[state=active]:text-ink';

export function TabsTrigger({ className, ...props }: ComponentProps<typeof Radix.Trigger>) {
  return <Radix.Trigger className={cn(tabClass, className)} {...props} />;
}

export function TabsContent({ className, ...props }: ComponentProps<typeof Radix.Content>) {
  return <Radix.Content className={cn('pt-4 focus-visible:outline-offset-4', className)} {...props} />;
}
