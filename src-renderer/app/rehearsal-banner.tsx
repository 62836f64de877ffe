import { useState } from 'react';
import { studio } from '../api/client.ts';
import { openProject } from '../stores/project-session.ts';
import { useProjectStore } from '../stores/project-store.ts';
import { useStudioStore } from '../stores/studio-store.ts';
import { showToast, showTrouble } from '../stores/toast-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** Always there while a rehearsal is open: nobody may take it for the production. */
export function RehearsalBanner() {
  const projectId = useProjectStore((state) => state.snapshot?.projectId ?? null);
  const isRehearsal = useProjectStore((state) => state.snapshot?.project.rehearsal === true);
  const projects = useStudioStore((state) => state.projects);
  const [asking, setAsking] = useState(false);
  if (projectId === null || !isRehearsal) return null;
  const realId = projects?.find((known) => known.id === projectId)?.rehearsalOf;
  const real = projects?.find((known) => known.id === realId) ?? null;
  const remove = async () => {
    setAsking(false);
    try {
      if (real) await openProject(real.id);
      await studio.rehearsals.remove({ projectId });
      useStudioStore.setState({ projects: await studio.projects.list() });
      showToast({ tone: 'done', headline: 'Rehearsal removed' });
    } catch (error) {
      showTrouble(error);
    }
  };
  return (
    <section
      aria-label="Rehearsal"
      className="rehearsal-stripe flex h-8 shrink-0 items-center gap-3 border-b border-eyes/60 px-3 text-sm"
    >
      <strong className="rounded-xs bg-eyes px-1.5 py-0.5 text-xs font-bold text-black">Rehearsal</strong>
      <span className="min-w-0 flex-1 truncate text-eyes">
        Nothing is spent: the prices are play money, the takes are made by the simulator or on this machine, and stay
        here.
      </span>
      {real === null ? null : <Button onClick={() => void openProject(real.id)}>Back to {real.title}</Button>}
      <Button tone="quiet" onClick={() => setAsking(true)}>
        Remove rehearsal…
      </Button>
      {asking ? (
        <Dialog
          open
          onClose={() => setAsking(false)}
          title="Remove the rehearsal"
          description="Its takes, its records and its simulator’s bill are removed. The production is not touched."
          footer={
            <>
              <Button tone="quiet" onClick={() => setAsking(false)}>
                Keep it
              </Button>
              <Button tone="bad" onClick={() => void remove()}>
                Remove
              </Button>
            </>
          }
        >
          <div className="h-4" />
        </Dialog>
      ) : null}
    </section>
  );
}
