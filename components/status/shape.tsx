import type { ShapeName } from '@/components/status/status.view';
import { cn } from '@/components/ui/cn';
import { TONE_MARK, type Tone } from '@/components/ui/tone';

/** Drawn in a 12 × 12 box with `currentColor`. */
function paths(name: ShapeName) {
  const line = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.75, strokeLinecap: 'round' } as const;
  switch (name) {
    case 'dot':
      return <circle cx="6" cy="6" r="4.5" fill="currentColor" />;
    case 'ring':
      return <circle cx="6" cy="6" r="4" {...line} />;
    case 'half':
      return (
        <>
          <circle cx="6" cy="6" r="4.25" {...line} strokeWidth={1.5} />
          <path d="M6 1.75a4.25 4.25 0 0 0 0 8.5z" fill="currentColor" />
        </>
      );
    case 'triangle':
      return <path d="M6 1.6 11 10.4H1z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />;
    case 'square':
      return <rect x="1.75" y="1.75" width="8.5" height="8.5" rx="1" fill="currentColor" />;
    case 'diamond':
      return <path d="M6 .9 11.1 6 6 11.1.9 6z" fill="currentColor" />;
    case 'turning':
      return (
        <path
          d="M10.2 6A4.2 4.2 0 1 1 8.6 2.7M8.9.8v2.3H6.6"
          {...line}
          strokeWidth={1.6}
          strokeLinejoin="round"
        />
      );
    case 'check':
      return <path d="m2 6.4 2.8 2.8L10.2 3" {...line} strokeWidth={2} strokeLinejoin="round" />;
    case 'pause':
      return <path d="M4 2v8M8 2v8" {...line} strokeWidth={2.2} />;
    case 'dash':
      return <path d="M2.5 6h7" {...line} strokeWidth={2} />;
    case 'cross':
      return <path d="m2.8 2.8 6.4 6.4M9.2 2.8 2.8 9.2" {...line} strokeWidth={2} />;
    case 'arrow':
      return <path d="M6 1.8v8M2.6 6.6 6 10l3.4-3.4" {...line} strokeLinejoin="round" />;
    case 'question':
      return (
        <path d="M3.7 4.2a2.3 2.3 0 1 1 3.4 2c-.8.5-1.1.9-1.1 1.6M6 10.2v.1" {...line} strokeWidth={1.8} />
      );
    default: {
      const unreachable: never = name;
      return unreachable;
    }
  }
}

interface ShapeProps {
  readonly name: ShapeName;
  readonly tone?: Tone;
  readonly className?: string;
}

/** The mark of a state. Decoration beside its word; give it a word where it stands alone. */
export function Shape({ name, tone, className }: ShapeProps) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 12 12"
      className={cn(
        'size-3 shrink-0',
        tone && TONE_MARK[tone],
        name === 'turning' && 'animate-turn',
        className,
      )}
    >
      {paths(name)}
    </svg>
  );
}
