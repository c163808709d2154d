import { HEALTH_LOOK } from '@/components/status/status.view';
import { cn } from '@/components/ui/cn';
import { TONE_MARK } from '@/components/ui/tone';
import type { InstanceHealth } from '@/server/domain/inventory';

/** What is drawn in the square, so that health is told without colour. 16 × 16 box. */
function inside(health: InstanceHealth, serving: boolean) {
  const line = {
    fill: 'none',
    stroke: 'currentColor',
    strokeWidth: 1.75,
    strokeLinecap: 'round',
    strokeLinejoin: 'round',
  } as const;
  const frame = <rect x="1.9" y="1.9" width="12.2" height="12.2" rx="2.6" {...line} />;
  const block = <rect x="1" y="1" width="14" height="14" rx="3.2" fill="currentColor" />;
  switch (health) {
    case 'healthy':
      // Full while it serves; hollow with a core while it is only kept.
      return serving ? (
        block
      ) : (
        <>
          {frame}
          <rect x="5.5" y="5.5" width="5" height="5" rx="1" fill="currentColor" />
        </>
      );
    case 'starting':
      return (
        <>
          {frame}
          <path d="M2 8h12v4.2A1.9 1.9 0 0 1 12.1 14H3.9A1.9 1.9 0 0 1 2 12.2z" fill="currentColor" />
        </>
      );
    case 'unhealthy':
      return (
        <>
          {block}
          <path d="M8 4.4v4.4M8 11.5v.1" {...line} className="stroke-surface" strokeWidth={2} />
        </>
      );
    case 'draining':
      return (
        <>
          {frame}
          <path d="M8 4.8v6M5.6 8.6 8 11l2.4-2.4" {...line} strokeWidth={1.5} />
        </>
      );
    case 'down':
      return (
        <>
          {frame}
          <path d="m5.4 5.4 5.2 5.2M10.6 5.4l-5.2 5.2" {...line} />
        </>
      );
    case 'unknown':
      return <rect x="1.9" y="1.9" width="12.2" height="12.2" rx="2.6" {...line} strokeDasharray="2.6 2.6" />;
    default: {
      const unreachable: never = health;
      return unreachable;
    }
  }
}

interface InstanceMarkProps {
  readonly health: InstanceHealth;
  /** Whether it is to get requests: its server group does, and it is not left out. */
  readonly serving: boolean;
  readonly className?: string;
}

/** One instance as a square whose inside says its health. */
export function InstanceMark({ health, serving, className }: InstanceMarkProps) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 16 16"
      className={cn('size-4', TONE_MARK[HEALTH_LOOK[health].tone], className)}
    >
      {inside(health, serving)}
    </svg>
  );
}
