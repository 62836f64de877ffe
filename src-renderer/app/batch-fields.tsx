import type { ReactNode } from 'react';
import { type Phase, phases } from '../../src-shared/domain/phase.ts';
import type { ProviderSettings } from '../../src-shared/domain/provider-settings.ts';
import type { Shot } from '../../src-shared/domain/shot.ts';
import { phasePhrases } from '../../src-shared/phrases.ts';
import { showCount } from '../ui/count-text.ts';
import { Segmented } from '../ui/segmented.tsx';
import { TextField } from '../ui/text-field.tsx';
import { AutonomyFields } from './autonomy-fields.tsx';
import type { BatchForm, BatchScope } from './batch-form.ts';
import { ProviderField } from './provider-field.tsx';
import { ShotPicker } from './shot-picker.tsx';

/** The choices of a batch. */
export function BatchFields(props: {
  form: BatchForm;
  onChange: (form: BatchForm) => void;
  shots: readonly Shot[];
  providers: readonly ProviderSettings[] | null;
  listed: number;
  shotId: string | null;
}) {
  const { form, onChange } = props;
  const set = (part: Partial<BatchForm>) => onChange({ ...form, ...part });
  const scopes: { value: BatchScope; text: string }[] = [
    { value: 'episode', text: 'Whole episode' },
    { value: 'list', text: `Shots in the list (${showCount(props.listed)})` },
    ...(props.shotId === null ? [] : [{ value: 'shot' as const, text: props.shotId }]),
    { value: 'picked', text: 'Chosen shots…' },
  ];
  const toggle = (phase: Phase) =>
    set({
      phases: form.phases.includes(phase) ? form.phases.filter((one) => one !== phase) : [...form.phases, phase],
    });
  return (
    <div className="grid grid-cols-[72px_1fr_72px_1fr] items-center gap-x-3 gap-y-3 p-4">
      <Name>Scope</Name>
      <div className="col-span-3" data-first-focus>
        <Segmented label="Scope" value={form.scope} options={scopes} onChange={(scope) => set({ scope })} />
      </div>
      {form.scope === 'picked' ? (
        <div className="col-span-3 col-start-2">
          <ShotPicker shots={props.shots} text={form.picked} onChange={(picked) => set({ picked })} />
        </div>
      ) : null}
      <Name>Phases</Name>
      <div className="flex gap-4">
        {phases.map((phase) => (
          <label key={phase} className="flex items-center gap-1.5 text-sm">
            <input
              type="checkbox"
              className="accent-accent"
              checked={form.phases.includes(phase)}
              onChange={() => toggle(phase)}
            />
            {phasePhrases[phase]}
          </label>
        ))}
      </div>
      <Name>Engine</Name>
      <ProviderField value={form.provider} providers={props.providers} onChange={(provider) => set({ provider })} />
      <Name>Cap</Name>
      <span className="flex items-center gap-2 text-sm text-dim">
        $
        <TextField
          aria-label="Cap in US dollars"
          className="tabular w-24"
          value={form.cap}
          onChange={(event) => set({ cap: event.target.value })}
        />
        for this batch
      </span>
      <Name>At once</Name>
      <label className="flex items-center gap-2 text-sm text-dim">
        <input
          type="range"
          aria-label="Shots at once"
          className="w-24 accent-accent"
          min={1}
          max={16}
          value={form.atOnce}
          onChange={(event) => set({ atOnce: Number(event.target.value) })}
        />
        <span className="tabular w-5 text-ink">{form.atOnce}</span> shots
      </label>
      <span className="self-start pt-0.5">
        <Name>Autonomy</Name>
      </span>
      <div className="col-span-3">
        <AutonomyFields value={form.autonomy} onChange={(autonomy) => set({ autonomy })} />
      </div>
    </div>
  );
}

function Name({ children }: { children: ReactNode }) {
  return <span className="text-sm text-dim">{children}</span>;
}
