import { useState } from 'react';
import { SettingsDialog } from '../features/settings/settings-dialog.tsx';
import { useSettingsStore } from '../stores/settings-store.ts';
import { useCommands } from './keyboard/command-bus.ts';

/** Settings over whatever is shown, on every page. */
export function SettingsHost() {
  const [open, setOpen] = useState(false);
  const wanted = useSettingsStore((state) => state.wanted);
  useCommands({ 'app.settings': () => setOpen(true) });
  const close = () => {
    setOpen(false);
    useSettingsStore.setState({ wanted: null });
  };
  return open ? <SettingsDialog first={wanted} onClose={close} /> : null;
}
