import type { ReactNode } from 'react';
import { Table, TableBody, TableHead, TableHeader, TableRow } from '@/components/ui/table';

interface ListTableProps<Column extends string> {
  /** Names the table for those who cannot see it. */
  readonly label: string;
  readonly columns: readonly Column[];
  readonly heading: (column: Column) => ReactNode;
  /** The rows. */
  readonly children: ReactNode;
}

/** A table with its heading row; a column called `actions` stands at the right. */
export function ListTable<Column extends string>({
  label,
  columns,
  heading,
  children,
}: ListTableProps<Column>) {
  return (
    <Table label={label}>
      <TableHead>
        <TableRow>
          {columns.map((column) => (
            <TableHeader key={column} className={column === 'actions' ? 'text-right' : undefined}>
              {heading(column)}
            </TableHeader>
          ))}
        </TableRow>
      </TableHead>
      <TableBody>{children}</TableBody>
    </Table>
  );
}
