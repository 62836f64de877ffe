import type { ReactNode } from 'react';
import { classNames } from '../../ui/class-names.ts';

/** A titled place for one set of figures. */
export function Panel(props: { title: string; note?: ReactNode; action?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={props.title} className="rounded border bg-panel px-4 py-3">
      <header className="mb-2 flex min-h-7 items-start justify-between gap-4">
        <div>
          <h3 className="text-base font-medium">{props.title}</h3>
          {props.note ? <p className="text-selectable max-w-[720px] text-xs text-dim">{props.note}</p> : null}
        </div>
        {props.action}
      </header>
      {props.children}
    </section>
  );
}

export interface Column {
  id: string;
  head: ReactNode;
  /** tailwind width, where the column has one of its own */
  width?: string;
  right?: boolean;
}

export interface FigureRow {
  key: string;
  name: ReactNode;
  cells: readonly ReactNode[];
}

/** Names at the left, figures beside them; a line for each row, no more. */
export function FiguresTable(props: {
  label: string;
  first: Column;
  columns: readonly Column[];
  rows: readonly FigureRow[];
}) {
  return (
    <table aria-label={props.label} className="text-selectable w-full table-fixed text-sm">
      <thead className="text-left align-bottom text-xs text-dim">
        <tr>
          <Head column={props.first} />
          {props.columns.map((column) => (
            <Head key={column.id} column={column} />
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={row.key} className="border-t align-top">
            <th scope="row" className="py-1.5 pr-3 text-left font-normal break-words">
              {row.name}
            </th>
            {props.columns.map((column, index) => (
              <td key={column.id} className={classNames('tabular py-1.5 pl-3', column.right && 'text-right')}>
                {row.cells[index]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Head({ column }: { column: Column }) {
  return (
    <th
      scope="col"
      className={classNames('pb-1 font-normal', column.width, column.right ? 'pl-3 text-right' : 'pl-3 first:pl-0')}
    >
      {column.head}
    </th>
  );
}
