import { formatUsd } from '../../../src-shared/domain/money.ts';
import { useProjectStore } from '../../stores/project-store.ts';
import { Facts } from '../../ui/field-list.tsx';

/** The caps of the open project: the author's, in the author's file. */
export function LimitsPane() {
  const project = useProjectStore((state) => state.snapshot?.project ?? null);
  const folder = useProjectStore((state) => state.snapshot?.displayPath ?? null);
  if (project === null) {
    return <p className="text-sm text-dim">Open a project to see what it may spend.</p>;
  }
  const { caps } = project;
  return (
    <div className="space-y-4">
      <h3 className="text-lg font-semibold">{project.title}</h3>
      <Facts
        rows={[
          ['Project', `${formatUsd(caps.project_micro_usd)} in all`],
          ['Batch', `${formatUsd(caps.batch_micro_usd)}, unless the batch is given another cap`],
          ['Repeats', `${formatUsd(caps.retry_micro_usd_per_shot)} for each shot`],
          ['Engine', project.default_provider],
          [
            'Autonomy',
            project.autonomy.enabled ? 'on unless a batch says otherwise' : 'off unless a batch says otherwise',
          ],
        ]}
      />
      <p className="text-selectable text-sm text-soft">
        Circletake never writes into your documents. Change <code className="font-mono">caps</code> (in millionths of a
        dollar), <code className="font-mono">default_provider</code> and <code className="font-mono">autonomy</code> in
        this file; it is read again when you save it:
      </p>
      <p className="text-selectable rounded border bg-well px-2 py-1.5 font-mono text-xs break-all">
        {folder}/project.json
      </p>
    </div>
  );
}
