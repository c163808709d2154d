import { Activity, Boxes, Hand, LayoutGrid, Package, Settings2, ToggleRight } from 'lucide-react';
import type { PlaceId } from '@/components/nav/nav.view';

const ICONS = {
  board: LayoutGrid,
  applications: Boxes,
  waiting: Hand,
  features: ToggleRight,
  activity: Activity,
  artifacts: Package,
  settings: Settings2,
} as const satisfies Record<PlaceId, unknown>;

export function PlaceIcon({ place, className }: { place: PlaceId; className?: string }) {
  const Icon = ICONS[place];
  return <Icon aria-hidden className={className} />;
}
