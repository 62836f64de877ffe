import { Clapperboard } from 'lucide-react';
import { useState } from 'react';
import type { RehearsalTrouble } from '../../src-shared/api/rehearsals-contract.ts';
import type { BatchConfigInput } from '../../src-shared/domain/batch.ts';
import { studio } from '../api/client.ts';
import { openProject } from '../stores/project-session.ts';
import { showToast, showTrouble } from '../stores/toast-store.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuItem, MenuLabel } from '../ui/menu.tsx';

/** The same batch against the simulator, in a copy of the project: calm, or with everything that can go wrong in a night. */
export function RehearseMenu(props: { projectId: string; config: BatchConfigInput | null; onStarted: () => void }) {
  const { projectId, config, onStarted } = props;
  const [busy, setBusy] = useState(false);
  const start = async (trouble: RehearsalTrouble) => {
    if (config === null) return;
    setBusy(true);
    try {
      const rehearsal = await studio.rehearsals.start({ projectId, config, trouble });
      await openProject(rehearsal.projectId, config.episodeId);
      showToast({
        tone: 'done',
        headline: 'Rehearsal started',
        sentence: 'Nothing is spent. The project is untouched.',
      });
      onStarted();
    } catch (error) {
      showTrouble(error);
      setBusy(false);
    }
  };
  return (
    <Menu
      align="end"
      trigger={
        <Button disabled={busy || config === null} icon={<Clapperboard className="size-3.5" aria-hidden="true" />}>
          {busy ? 'Copying the project…' : 'Rehearse…'}
        </Button>
      }
    >
      <MenuLabel>The same batch against the simulator; nothing is spent</MenuLabel>
      <MenuItem onSelect={() => void start('none')}>A calm night: everything arrives</MenuItem>
      <MenuItem onSelect={() => void start('rough-night')}>
        A rough night: lost answers, busy engines, broken clips
      </MenuItem>
    </Menu>
  );
}
