import { useState } from 'react';
import { SettingsDialog } from '../features/settings/settings-dialog.tsx';
import { useCommands } from './keyboard/command-bus.ts';

/** Settings over whatever is shown, on every page. */
export function SettingsHost() {
  const [open, setOpen] = useState(false);
  useCommands({ 'app.settings': () => setOpen(true) });
  return open ? <SettingsDialog first={null} onClose={() => setOpen(false)} /> : null;
}
