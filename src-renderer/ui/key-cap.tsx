/** A key as it is printed on the keyboard. */
export function KeyCap({ children }: { children: string }) {
  return (
    <kbd className="inline-flex h-4 min-w-4 items-center justify-center rounded-[3px] border border-edge bg-floor px-1 font-sans text-2xs text-soft">
      {children}
    </kbd>
  );
}
