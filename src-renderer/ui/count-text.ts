/** "9,999": how a number of shots, lines or attempts is written in every room. */
export function showCount(count: number): string {
  return count.toLocaleString('en-US');
}
