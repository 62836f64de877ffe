/** Where a key moves the choice in a list; null when the key does not. Pure. */
export function moveChoice(key: string, list: { current: number; count: number; pageRows: number }): number | null {
  const { current, count, pageRows } = list;
  const last = count - 1;
  if (count === 0) return null;
  const to = (index: number) => Math.min(last, Math.max(0, index));
  switch (key) {
    case 'ArrowDown':
      return to(current + 1);
    case 'ArrowUp':
      return current < 0 ? last : to(current - 1);
    case 'PageDown':
      return to(current + Math.max(1, pageRows - 1));
    case 'PageUp':
      return to(current - Math.max(1, pageRows - 1));
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
