import type { ReactNode } from 'react';
import { AppFrame } from '@/components/nav/app-frame';
import { RoleGate } from '@/components/signin/role-gate';

export default function DashboardLayout({ children }: { children: ReactNode }) {
  return (
    <AppFrame>
      <RoleGate>{children}</RoleGate>
    </AppFrame>
  );
}
