'use client';

import { BrokenPage } from '@/components/nav/problem-page';

interface Props {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}

export default function DashboardError({ error, reset }: Props) {
  return <BrokenPage digest={error.digest} onRetry={reset} />;
}
