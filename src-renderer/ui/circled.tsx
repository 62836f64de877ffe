import type { ReactNode } from 'react';

/** The grease-pencil ring around the take that the director wants printed. */
export function Circled({ on, children }: { on: boolean; children: ReactNode }) {
  return (
    <span className="relative inline-flex items-center justify-center">
      {on ? (
        <svg
          viewBox="0 0 44 24"
          preserveAspectRatio="none"
          aria-hidden="true"
          className="pointer-events-none absolute -inset-x-2 -inset-y-1 h-[calc(100%+8px)] w-[calc(100%+16px)] text-good"
        >
          <path
            d="M14 3.2C24 .9 40.5 2.6 41.8 11c1.3 8.6-15.4 11.3-24.3 10.4C8.600 20.600 1.700 17 2.300 11.200 2.900 5.300 12 2.600 22 2.300c6-.2 11 .7 14.500 2.300"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.75"
            strokeLinecap="round"
            vectorEffect="non-scaling-stroke"
          />
        </svg>
      ) : null}
      {children}
    </span>
  );
}
