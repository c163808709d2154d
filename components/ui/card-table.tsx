import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table';

interface CardTableProps<Column extends string> {
  /** Names the table for those who cannot see it. */
  readonly label: string;
  readonly columns: readonly Column[];
  readonly heading: (column: Column) => ReactNode;
  /** A class for the width of each column; with it none takes more than its share. */
  readonly widths?: Readonly<Record<Column, string>>;
  /** The rows. */
  readonly children: ReactNode;
}

/**
 * A table whose rows are cards where it is narrow: each value then stands below the other, beside the name of its
 * column. A column called `actions` stands at the right.
 */
export function CardTable<Column extends string>(props: CardTableProps<Column>) {
  const { label, columns, heading, widths, children } = props;
  return (
    <div className="@container">
      <Table label={label} className={cn('@max-[50rem]:block', widths && 'table-fixed')}>
        <TableHead className="@max-[50rem]:hidden">
          <TableRow>
            {columns.map((column) => (
              <TableHeader
                key={column}
                className={cn(column === 'actions' && 'text-right', widths?.[column])}
              >
                {heading(column)}
              </TableHeader>
            ))}
          </TableRow>
        </TableHead>
        <TableBody className="@max-[50rem]:block">{children}</TableBody>
      </Table>
    </div>
  );
}

export function CardRow({ children }: { readonly children: ReactNode }) {
  return (
    <TableRow className="@max-[50rem]:flex @max-[50rem]:flex-wrap @max-[50rem]:items-start @max-[50rem]:gap-x-3 @max-[50rem]:gap-y-1.5 @max-[50rem]:px-4 @max-[50rem]:py-3">
      {children}
    </TableRow>
  );
}

interface CardCellProps {
  readonly className?: string;
  readonly children: ReactNode;
}

/** What the row is about: it heads the card. */
export function CardHeadCell({ className, children }: CardCellProps) {
  return (
    <TableCell
      className={cn(
        '@max-[50rem]:h-auto @max-[50rem]:min-w-0 @max-[50rem]:flex-1 @max-[50rem]:basis-40 @max-[50rem]:p-0',
        className,
      )}
    >
      {children}
    </TableCell>
  );
}

/** One fact; `label` repeats the name of its column where the columns are not to be seen. */
export function CardCell({ label, className, children }: CardCellProps & { readonly label: string }) {
  return (
    <TableCell
      className={cn(
        '@max-[50rem]:order-1 @max-[50rem]:flex @max-[50rem]:h-auto @max-[50rem]:w-full @max-[50rem]:items-baseline @max-[50rem]:gap-3 @max-[50rem]:p-0',
        className,
      )}
    >
      <span className="@[50rem]:hidden w-24 shrink-0 text-muted text-xs">{label}</span>
      <div className="@max-[50rem]:flex-1 min-w-0">{children}</div>
    </TableCell>
  );
}

/** The verbs of a row. In a card they stand beside its head, or `below` the facts when they are many. */
export function CardActions({ below = false, children }: { below?: boolean; children: ReactNode }) {
  return (
    <TableCell
      className={cn(
        'text-right @max-[50rem]:h-auto @max-[50rem]:p-0',
        below && '@max-[50rem]:order-2 @max-[50rem]:w-full @max-[50rem]:pt-1 @max-[50rem]:text-left',
      )}
    >
      <span className="inline-flex gap-2 @max-[50rem]:flex-wrap">{children}</span>
    </TableCell>
  );
}
