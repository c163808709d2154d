'use client';

import type { ReactNode } from 'react';
import { Card, CardHeader, CardTitle } from '@/components/ui/card';

interface PanelProps {
  readonly title: string;
  readonly description?: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the settings: what it is for, its one action, its content. */
export function Panel({ title, description, action, children }: PanelProps) {
  return (
    <Card aria-label={title} className="overflow-hidden">
      <CardHeader className="justify-between">
        <div className="min-w-0">
          <CardTitle>{title}</CardTitle>
          {description ? <p className="text-muted text-sm">{description}</p> : null}
        </div>
        {action}
      </CardHeader>
      {children}
    </Card>
  );
}
