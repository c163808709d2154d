'use client';

import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { type Freshness, freshness, type LiveState } from '@/components/live/freshness.view';
import { LiveStream } from '@/components/live/live-stream';
import { Refresher } from '@/components/live/refresher';
import { useTRPCClient } from '@/components/trpc/trpc';

const LiveContext = createContext<LiveState>({ connection: 'connecting', lagMs: 0 });

/** Keeps every query below fresh by the event stream. Once per page. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useTRPCClient();
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>({ connection: 'connecting', lagMs: 0 });

  useEffect(() => {
    const refresher = new Refresher(queries);
    const stream = new LiveStream({
      client,
      onEvents: (events) => refresher.add(events),
      onReset: () => refresher.addAll(),
      onState: setState,
    });
    stream.start();
    return () => {
      stream.stop();
      refresher.stop();
    };
  }, [client, queries]);

  return <LiveContext value={state}>{children}</LiveContext>;
}

/** How fresh what the page shows is. */
export function useFreshness(): Freshness {
  return freshness(useContext(LiveContext));
}
