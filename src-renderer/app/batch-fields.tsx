import type { ReactNode } from 'react';
import { type Phase, phases } from '../../src-shared/domain/phase.ts';
import type { ProjectFile } from '../../src-shared/domain/project.ts';
import { phasePhrases, shotTypePhrases } from '../../src-shared/phrases.ts';
import { Segmented } from '../ui/segmented.tsx';
import { TextField } from '../ui/text-field.tsx';
import type { BatchForm, BatchScope } from './batch-form.ts';

/** The choices of a batch. */
export function BatchFields(props: {
  form: BatchForm;
  onChange: (form: BatchForm) => void;
  project: ProjectFile;
  listed: number;
  shotId: string | null;
}) {
  const { form, onChange, project } = props;
  const scopes: { value: BatchScope; text: string }[] = [
    { value: 'episode', text: 'Whole episode' },
    { value: 'list', text: `Shots in the list (${props.listed})` },
    ...(props.shotId === null ? [] : [{ value: 'shot' as const, text: props.shotId }]),
  ];
  const excluded = project.autonomy.exclude_shot_types.map((type) => shotTypePhrases[type].toLowerCase()).join(', ');
  const toggle = (phase: Phase) =>
    onChange({
      ...form,
      phases: form.phases.includes(phase) ? form.phases.filter((one) => one !== phase) : [...form.phases, phase],
    });
  return (
    <div className="grid grid-cols-[88px_1fr_88px_1fr] items-center gap-x-3 gap-y-3 p-4">
      <Name>Scope</Name>
      <div className="col-span-3">
        <Segmented
          label="Scope"
          value={form.scope}
          options={scopes}
          onChange={(scope) => onChange({ ...form, scope })}
        />
      </div>
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
      <Name>Cap</Name>
      <span className="flex items-center gap-2 text-sm text-dim">
        $
        <TextField
          aria-label="Cap in US dollars"
          className="tabular w-24"
          value={form.cap}
          onChange={(event) => onChange({ ...form, cap: event.target.value })}
        />
        for this batch
      </span>
      <Name>Provider</Name>
      <span className="text-sm">{project.default_provider}</span>
      <Name>At once</Name>
      <label className="flex items-center gap-2 text-sm text-dim">
        <input
          type="range"
          aria-label="Shots at once"
          className="w-24 accent-accent"
          min={1}
          max={8}
          value={form.atOnce}
          onChange={(event) => onChange({ ...form, atOnce: Number(event.target.value) })}
        />
        <span className="tabular w-4 text-ink">{form.atOnce}</span> shots
      </label>
      <Name>Autonomy</Name>
      <label className="col-span-3 flex items-center gap-1.5 text-sm">
        <input
          type="checkbox"
          className="accent-accent"
          checked={form.autonomy}
          onChange={() => onChange({ ...form, autonomy: !form.autonomy })}
        />
        Approve a phase by itself when every gate passes
        {excluded === '' ? null : <span className="text-dim">(never: {excluded})</span>}
      </label>
    </div>
  );
}

function Name({ children }: { children: ReactNode }) {
  return <span className="text-sm text-dim">{children}</span>;
}
