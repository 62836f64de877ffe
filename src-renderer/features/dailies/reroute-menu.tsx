import { DropdownMenu } from 'radix-ui';
import { type KeyboardEvent, type ReactElement, useState } from 'react';
import { formatUsd } from '../../../src-shared/domain/money.ts';
import type { ShotPhase } from '../../../src-shared/domain/shot.ts';
import type { WorkflowChoice } from '../../../src-shared/domain/workflow.ts';
import { phasePhrases } from '../../../src-shared/phrases.ts';
import { studio } from '../../api/client.ts';
import { type Trouble, troubleOf } from '../../api/trouble.ts';
import { useCommands } from '../../app/keyboard/command-bus.ts';
import { KeyCap } from '../../ui/key-cap.tsx';
import { Mark } from '../../ui/state-mark.tsx';
import { reroutePhase } from './decisions.ts';

type Choices =
  | { kind: 'asking' }
  | { kind: 'ready'; choices: readonly WorkflowChoice[] }
  | { kind: 'refused'; trouble: Trouble };

/** Engines for the next take with their price and past record; a digit or Enter chooses. */
export function RerouteMenu({
  projectId,
  phase,
  children,
}: {
  projectId: string;
  phase: ShotPhase;
  children: ReactElement;
}) {
  const [open, setOpen] = useState(false);
  const [load, setLoad] = useState<Choices>({ kind: 'asking' });
  const change = (wanted: boolean) => {
    setOpen(wanted);
    if (!wanted) return;
    setLoad({ kind: 'asking' });
    studio.review.workflowChoices({ projectId, shotId: phase.shotId, phase: phase.phase }).then(
      (choices) => setLoad({ kind: 'ready', choices }),
      (error: unknown) => setLoad({ kind: 'refused', trouble: troubleOf(error) }),
    );
  };
  useCommands({ 'decide.reroute': () => change(true) });
  const choose = (choice: WorkflowChoice | undefined) => {
    if (choice === undefined || choice.refusal !== null) return;
    setOpen(false);
    void reroutePhase(projectId, phase, choice.workflow.id);
  };
  const digit = (event: KeyboardEvent) => {
    if (load.kind === 'ready' && /^[1-9]$/.test(event.key)) choose(load.choices[Number(event.key) - 1]);
  };
  return (
    <DropdownMenu.Root modal={false} open={open} onOpenChange={change}>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          side="top"
          sideOffset={6}
          collisionPadding={8}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onKeyDown={digit}
          className="z-40 max-h-[60vh] w-[440px] overflow-y-auto rounded border border-edge bg-raised p-1 shadow-xl shadow-black/60"
        >
          <DropdownMenu.Label className="px-2 py-1.5 text-xs text-dim">
            Engine for the next {phasePhrases[phase.phase].toLowerCase()} of {phase.shotId}
          </DropdownMenu.Label>
          {load.kind === 'asking' ? <p className="p-2 text-sm text-dim">Asking for prices…</p> : null}
          {load.kind === 'refused' ? (
            <p className="text-selectable p-2 text-sm text-eyes">▲ {load.trouble.sentence}</p>
          ) : null}
          {load.kind === 'ready' && load.choices.length === 0 ? (
            <p className="p-2 text-sm text-dim">No other engine does this phase.</p>
          ) : null}
          {load.kind === 'ready'
            ? load.choices.map((choice, index) => (
                <ChoiceRow
                  key={choice.workflow.id}
                  choice={choice}
                  index={index}
                  isChosen={phase.workflowId === choice.workflow.id}
                  onChoose={() => choose(choice)}
                />
              ))
            : null}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function ChoiceRow(props: { choice: WorkflowChoice; index: number; isChosen: boolean; onChoose: () => void }) {
  const { workflow, estimateMicroUsd, refusal, pastTakes, pastApproved } = props.choice;
  return (
    <DropdownMenu.Item
      disabled={refusal !== null}
      onSelect={props.onChoose}
      className="flex gap-2 rounded-sm px-2 py-1.5 text-sm outline-none data-[highlighted]:bg-pressed"
    >
      <span className="pt-0.5">
        {props.index < 9 && refusal === null ? (
          <KeyCap>{String(props.index + 1)}</KeyCap>
        ) : (
          <span className="inline-block w-4" />
        )}
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className={refusal === null ? 'text-ink' : 'text-faint'}>{workflow.title}</span>
          <span className="truncate text-xs text-dim">{workflow.model}</span>
          {props.isChosen ? <span className="text-xs text-accent">chosen</span> : null}
        </span>
        <span className="block text-xs text-dim">{workflow.description}</span>
        {refusal === null ? null : (
          <span className="mt-0.5 flex gap-1.5 text-xs text-bad">
            <Mark shape="cross" tone="bad" className="mt-0.5" /> {refusal}
          </span>
        )}
      </span>
      <span className="tabular shrink-0 text-right">
        <span className="block">{estimateMicroUsd === null ? 'price unknown' : formatUsd(estimateMicroUsd)}</span>
        <span className="block text-xs text-dim">
          {pastTakes === 0 ? 'no record' : `${pastApproved} of ${pastTakes} approved`}
        </span>
      </span>
    </DropdownMenu.Item>
  );
}
