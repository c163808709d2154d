'use client';

import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { healthParts, MAX_SQUARES, movedIndex, sortInstances } from '@/components/clusters/clusters.view';
import { InstanceMark } from '@/components/clusters/instance-mark';
import { Shape } from '@/components/status/shape';
import { HEALTH_LOOK } from '@/components/status/status.view';
import { cn } from '@/components/ui/cn';
import { TONE_MARK } from '@/components/ui/tone';
import type { Instance } from '@/server/domain/inventory';

interface InstanceSquaresProps {
  readonly group: string;
  readonly instances: readonly Instance[];
  readonly serving: boolean;
  /** Id of the instance in the side panel. */
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

/** Instances of one server group: a square each, or a bar when they are too many. */
export function InstanceSquares(props: InstanceSquaresProps) {
  return props.instances.length > MAX_SQUARES ? <InstanceBar {...props} /> : <Squares {...props} />;
}

/** One tab stop; arrow keys move among the squares, and the open side panel follows. */
function Squares({ group, instances, serving, selected, onSelect }: InstanceSquaresProps) {
  const t = useTranslations('clusters');
  const words = useTranslations('status');
  const list = useRef<HTMLUListElement>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const sorted = sortInstances(instances);
  const entry = sorted.some(({ id }) => id === current) ? current : (sorted[0]?.id ?? null);

  const onKeyDown = (event: KeyboardEvent) => {
    const squares = [...(list.current?.querySelectorAll('button') ?? [])];
    const index = sorted.findIndex(({ id }) => id === entry);
    const next = movedIndex(index, event.key, squares.length, perLine(squares));
    const id = next === null ? undefined : sorted[next]?.id;
    if (next === null || id === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setCurrent(id);
    squares[next]?.focus();
    if (selected !== null) onSelect(id);
  };

  return (
    <ul ref={list} aria-label={t('squares', { group })} className="flex flex-wrap">
      {sorted.map(({ id, health, reason, outOfTraffic = false }) => {
        const state = words(HEALTH_LOOK[health].messageKey);
        const word = outOfTraffic ? `${state}, ${t('outOfTraffic')}` : state;
        return (
          <li key={id} className="flex">
            <button
              type="button"
              tabIndex={id === entry ? 0 : -1}
              aria-label={t('instanceLabel', { id, health: word })}
              aria-pressed={id === selected}
              title={reason ? `${id} · ${word}: ${reason}` : `${id} · ${word}`}
              onFocus={() => setCurrent(id)}
              onKeyDown={onKeyDown}
              onClick={() => onSelect(id)}
              className={cn(
                'flex size-6 items-center justify-center rounded-sm hover:bg-sunken focus-visible:outline-offset-0',
                id === selected && 'bg-accent-soft outline-2 outline-accent',
              )}
            >
              <InstanceMark health={health} serving={serving && !outOfTraffic} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Squares in the first line, for moving up and down by sight. */
function perLine(squares: readonly HTMLElement[]): number {
  const top = squares[0]?.offsetTop;
  return squares.filter((square) => square.offsetTop === top).length || 1;
}

function InstanceBar({ group, instances }: InstanceSquaresProps) {
  const t = useTranslations('clusters');
  const words = useTranslations('status');
  const parts = healthParts(instances);
  const texts = parts.map(({ health, count }) =>
    t('barPart', { count, health: words(HEALTH_LOOK[health].messageKey) }),
  );
  return (
    <div className="flex min-w-40 flex-col gap-1">
      <div
        role="img"
        aria-label={t('bar', { total: instances.length, group, parts: texts.join(', ') })}
        className="flex h-3 overflow-hidden rounded-sm"
      >
        {parts.map(({ health, count }) => (
          <span
            key={health}
            className={cn('h-full min-w-1 bg-current', TONE_MARK[HEALTH_LOOK[health].tone])}
            style={{ width: `${(count / instances.length) * 100}%` }}
          />
        ))}
      </div>
      <span className="flex flex-wrap gap-x-3 text-muted text-xs">
        {parts.map(({ health }, index) => (
          <span key={health} className="inline-flex items-center gap-1">
            <Shape name={HEALTH_LOOK[health].shape} tone={HEALTH_LOOK[health].tone} className="size-2.5" />
            {texts[index]}
          </span>
        ))}
      </span>
    </div>
  );
}
