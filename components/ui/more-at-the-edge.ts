import type { CSSProperties } from 'react';

/**
 * The background of what scrolls sideways: a shade at each edge behind which there is more. The covers move with the
 * content and hide the shade where it ends, so that no script has to watch the scrolling.
 * @param left where the left edge is: behind a column that stands still
 */
export function moreAtTheEdge(left = '0'): CSSProperties {
  return {
    background: [
      `linear-gradient(to right, var(--surface) 40%, transparent) ${left} 0 / 2.5rem 100% no-repeat local`,
      'linear-gradient(to left, var(--surface) 40%, transparent) right / 2.5rem 100% no-repeat local',
      `linear-gradient(to right, var(--line-strong), transparent) ${left} 0 / 1rem 100% no-repeat scroll`,
      'linear-gradient(to left, var(--line-strong), transparent) right / 1rem 100% no-repeat scroll',
      'var(--surface)',
    ].join(', '),
  };
}
