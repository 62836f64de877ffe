import type { AutonomyConfig } from '../../src-shared/domain/batch.ts';
import { shotTypes } from '../../src-shared/domain/plan.ts';
import { shotTypePhrases } from '../../src-shared/phrases.ts';
import { TextField } from '../ui/text-field.tsx';

const check = 'flex items-center gap-1.5 text-sm';
// Within a numbered line, so that number and words stand on one line.
const inlineCheck = 'inline-flex items-center gap-1.5 text-sm';

/** Whether takes may be approved without a person, and what must hold then, in the order in which it is asked. */
export function AutonomyFields(props: { value: AutonomyConfig; onChange: (value: AutonomyConfig) => void }) {
  const { value, onChange } = props;
  const set = (part: Partial<AutonomyConfig>) => onChange({ ...value, ...part });
  return (
    <div className="space-y-2">
      <label className={check}>
        <input
          type="checkbox"
          className="accent-accent"
          checked={value.enabled}
          onChange={() => set({ enabled: !value.enabled })}
        />
        Approve a phase by itself when all of this holds
      </label>
      {value.enabled ? (
        <ol className="ml-5 list-decimal space-y-1.5 text-sm text-soft marker:text-faint">
          <li>
            <span className="flex items-center gap-2">
              At most
              <TextField
                aria-label="Approvals in this batch at most, 0 for no limit"
                className="tabular w-16"
                inputMode="numeric"
                value={String(value.max_auto_approve_per_batch)}
                onChange={(event) => set({ max_auto_approve_per_batch: wholeNumber(event.target.value) })}
              />
              approvals in this batch {value.max_auto_approve_per_batch === 0 ? '(0: no limit)' : ''}
            </span>
          </li>
          <li>No gate was left without a measurement: what could not be judged waits for you.</li>
          <li>
            <label className={inlineCheck}>
              <input
                type="checkbox"
                className="accent-accent"
                checked={value.require_gate3}
                onChange={() => set({ require_gate3: !value.require_gate3 })}
              />
              The drift gate has passed it
            </label>
          </li>
          <li>
            <label className={inlineCheck}>
              <input
                type="checkbox"
                className="accent-accent"
                checked={value.require_all_gates_pass}
                onChange={() => set({ require_all_gates_pass: !value.require_all_gates_pass })}
              />
              Every gate has passed it (off: none has rejected it)
            </label>
          </li>
          <li>
            The shot is none of those that you keep for yourself:
            <fieldset aria-label="Shot types left to you" className="mt-1 flex flex-wrap gap-x-3 gap-y-1">
              {shotTypes.map((type) => (
                <label key={type} className={check}>
                  <input
                    type="checkbox"
                    className="accent-accent"
                    checked={value.exclude_shot_types.includes(type)}
                    onChange={() => set({ exclude_shot_types: toggled(value.exclude_shot_types, type) })}
                  />
                  {shotTypePhrases[type]}
                </label>
              ))}
            </fieldset>
          </li>
          <li>It is this take that was measured, and nobody has decided on it. You can undo each approval.</li>
        </ol>
      ) : (
        <p className="text-xs text-dim">Off: every take waits for you.</p>
      )}
    </div>
  );
}

function toggled<T>(list: readonly T[], one: T): T[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}

function wholeNumber(text: string): number {
  const number = Number.parseInt(text.replace(/\D/g, ''), 10);
  return Number.isNaN(number) ? 0 : Math.min(number, 9999);
}
