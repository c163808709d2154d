'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/trpc/trpc';
import type { Permission } from '@/server/domain/roles';
import type { Me } from '@/server/domain/views/admin';

export interface MeState {
  readonly me: Me | null;
  /** Hides or explains what one may not do; the services check again. False until known. */
  readonly may: (permission: Permission) => boolean;
}

/** Who is signed in and what they may do. */
export function useMe(): MeState {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.users.me.queryOptions({}, { staleTime: 5 * 60_000 }));
  return { me: data ?? null, may: (permission) => data?.permissions.includes(permission) ?? false };
}
