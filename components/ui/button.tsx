'use client';

import { cva, type VariantProps } from 'class-variance-authority';
import { Slot } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import { Tooltip } from '@/components/ui/tooltip';

export const buttonVariants = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors duration-150 disabled:opacity-55 aria-disabled:opacity-55 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'border-transparent bg-accent text-on-accent hover:bg-accent-hover',
        secondary: 'border-line-strong bg-surface text-ink hover:bg-sunken',
        ghost: 'border-transparent bg-transparent text-muted hover:bg-sunken hover:text-ink',
        danger: 'border-transparent bg-danger-solid text-white hover:bg-danger-hover',
        dangerOutline:
          'border-line-strong bg-surface text-danger-ink hover:border-danger hover:bg-danger-soft',
        link: 'border-transparent bg-transparent px-0 text-accent-ink underline-offset-4 hover:underline',
      },
      size: {
        sm: 'h-7 px-2 text-xs [&_svg]:size-3.5',
        md: 'h-8 px-3 text-sm [&_svg]:size-4',
        lg: 'h-10 px-4 text-base [&_svg]:size-4',
      },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
);

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof buttonVariants> {
  /** Renders the only child (a link, say) with the looks of a button. */
  readonly asChild?: boolean;
}

/** The button. Type `button` unless told otherwise, so that none submits a form by accident. */
export function Button({ className, variant, size, asChild = false, type, ...props }: ButtonProps) {
  const classes = cn(buttonVariants({ variant, size }), className);
  if (asChild) return <Slot.Root className={classes} {...props} />;
  return <button type={type ?? 'button'} className={classes} {...props} />;
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'aria-label'> {
  /** Spoken name, shown as tooltip as well. */
  readonly label: string;
  readonly children: ReactNode;
}

/** A square button with an icon only; its label is mandatory. */
export function IconButton({ label, className, size = 'md', variant = 'ghost', ...props }: IconButtonProps) {
  const square = size === 'sm' ? 'w-7' : size === 'lg' ? 'w-10' : 'w-8';
  return (
    <Tooltip content={label}>
      <Button
        aria-label={label}
        size={size}
        variant={variant}
        className={cn('px-0', square, className)}
        {...props}
      />
    </Tooltip>
  );
}
