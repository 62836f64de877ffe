import { Fragment, useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { KeyCap } from '../../ui/key-cap.tsx';
import { useCommands } from './command-bus.ts';
import { type CommandDefinition, commands, isMac, printKeys } from './commands.ts';

/** Everything the keyboard can do, from the one list. */
export function KeyboardList() {
  const [open, setOpen] = useState(false);
  useCommands({ 'app.keys': () => setOpen(true) });
  const groups = groupRows();
  return (
    <Dialog
      open={open}
      wide
      onClose={() => setOpen(false)}
      title="Keyboard"
      description="No key does anything while you type."
    >
      <div className="columns-2 gap-8 p-4">
        {[...groups].map(([group, rows]) => (
          <section key={group} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-xs font-semibold text-dim">{group}</h3>
            <dl className="grid grid-cols-[1fr_auto] gap-y-1 text-sm">
              {rows.map((row) => (
                <Fragment key={row.id}>
                  <dt className="text-soft">{row.title}</dt>
                  <dd className="flex items-center justify-end gap-1">
                    {row.keys.map((keys, index) => (
                      <Fragment key={keys}>
                        {index === 0 ? null : <span className="text-xs text-dim">{row.between}</span>}
                        <KeyCap>{printKeys(keys, isMac())}</KeyCap>
                      </Fragment>
                    ))}
                  </dd>
                </Fragment>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** A command with the word that stands between its keys. */
type Row = CommandDefinition & { between: 'or' | 'to' };

/** Nine rows that differ in a digit are told as one. */
function groupRows(): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const command of commands as readonly CommandDefinition[]) {
    const digit = /\.([1-9])$/.exec(command.id)?.[1];
    if (digit !== undefined && digit !== '1') continue;
    const row: Row =
      digit === undefined
        ? { ...command, between: 'or' }
        : { ...command, keys: ['1', '9'], between: 'to', title: command.title.replace('1', '1 to 9') };
    groups.set(command.group, [...(groups.get(command.group) ?? []), row]);
  }
  return groups;
}
