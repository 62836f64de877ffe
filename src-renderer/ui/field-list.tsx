import type { ReactNode } from 'react';

/** A titled block of the inspector. */
export function Block({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="border-b px-3 py-2.5">
      <header className="mb-1.5 flex min-h-5 items-center justify-between">
        <h3 className="text-xs font-semibold text-dim">{title}</h3>
        {action}
      </header>
      {children}
    </section>
  );
}

/** Names and values in two columns; a value that was not recorded says so. */
export function Facts({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[88px_1fr] gap-x-2 gap-y-1 text-sm">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-dim">{name}</dt>
          <dd className="text-selectable min-w-0 break-words">
            {value === null || value === undefined || value === '' ? (
              <span className="text-faint">not recorded</span>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
