import { Cloud, Laptop, Server, ShipWheel, Zap } from 'lucide-react';
import type { PlatformView } from '@/server/domain/views/application';

/** Pictures of platforms; one without is a server like any other. */
const ICONS: Readonly<Record<string, typeof Server>> = {
  local: Laptop,
  kubernetes: ShipWheel,
  aws: Cloud,
  lambda: Zap,
};

/** The platform that something stands on, by picture and name. */
export function PlatformMark({ platform }: { platform: PlatformView }) {
  const Icon = ICONS[platform.kind] ?? Server;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-xs">
      <Icon aria-hidden className="size-3.5 shrink-0 text-muted" />
      {platform.label}
    </span>
  );
}
