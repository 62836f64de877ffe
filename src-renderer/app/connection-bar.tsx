import { useStudioStore } from '../stores/studio-store.ts';
import { Mark } from '../ui/state-mark.tsx';

/** Says that what is on screen may be old while the Studio does not answer. */
export function ConnectionBar() {
  const connection = useStudioStore((state) => state.connection);
  const lostAt = useStudioStore((state) => state.lostAt);
  if (connection === 'live' || connection === 'starting') return null;
  const since = lostAt === null ? '' : ` since ${new Date(lostAt).toLocaleTimeString()}`;
  return (
    <div
      role="alert"
      className="fixed inset-x-0 top-11 z-30 flex h-7 items-center justify-center gap-2 border-b border-eyes/40 bg-[#33291a] text-sm text-eyes"
    >
      <Mark shape="turn" tone="eyes" className="animate-breathe" />
      The Studio does not answer{since}. Reconnecting; decisions wait until it is back.
    </div>
  );
}
