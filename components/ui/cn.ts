import { type ClassValue, clsx } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

/** Without this, `text-2xs` reads as a colour and is dropped beside `text-muted`. */
const merge = extendTailwindMerge({ extend: { classGroups: { 'font-size': ['text-2xs'] } } });

/** Joins class names; a later utility wins over an earlier one of the same kind. */
export function cn(...values: ClassValue[]): string {
  return merge(clsx(values));
}
