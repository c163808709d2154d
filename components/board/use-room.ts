import { type RefObject, useLayoutEffect, useState } from 'react';

interface Room {
  readonly container: RefObject<HTMLElement | null>;
  /** Width in rem of what is beside the columns, and of one of them at the least. */
  readonly besideRem: number;
  readonly columnRem: number;
}

/** How many columns stand in a container without scrolling it; known before it is painted. */
export function useRoom({ container, besideRem, columnRem }: Room): number {
  const [room, setRoom] = useState(1);
  useLayoutEffect(() => {
    const element = container.current;
    if (!element) return;
    const measure = () => {
      const remPx = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      // With its scrollbar: else how many fit could decide on whether there is one, and that on how many fit.
      setRoom(Math.max(1, Math.floor((element.offsetWidth / remPx - besideRem) / columnRem)));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [container, besideRem, columnRem]);
  return room;
}
