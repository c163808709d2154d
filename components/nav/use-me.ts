'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/trpc/trpc';
import type { Permission } from '@/server/domain/roles';

/** Who is signed in. */
export function useMe() {
  const trpc = useTRPC();
  return useQuery(trpc.users.me.queryOptions({}));
}

/** Whether the person may do something. False until known, so that no button appears and goes again. */
export function useMay(permission: Permission): boolean {
  return useMe().data?.permissions.includes(permission) ?? false;
}
