import type { TakeDetail } from '../../../src-shared/domain/take.ts';
import type { Finding, GateResult, Measurement } from '../../../src-shared/domain/verdict.ts';
import { gateNamePhrases, gateStatusPhrases, severityPhrases } from '../../../src-shared/phrases.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { classNames } from '../../ui/class-names.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { gateMarks, Mark } from '../../ui/state-mark.tsx';

/** Every measurement with its limit and its verdict; what was not measured is never shown as a pass. */
export function GatesTab({ detail }: { detail: TakeDetail }) {
  if (detail.gates.length === 0) {
    return (
      <EmptyState
        headline="Gates have not run"
        sentence="This take has not been audited. Nothing is known of it but what you see."
      />
    );
  }
  return detail.gates.map((gate) => <Gate key={gate.gate} gate={gate} />);
}

function Gate({ gate }: { gate: GateResult }) {
  return (
    <section className="border-b px-3 py-2.5">
      <header className="flex items-center gap-2">
        <Mark {...gateMarks[gate.status]} />
        <h3 className="flex-1 text-sm font-medium">{gateNamePhrases[gate.gate]}</h3>
        <span className="text-xs text-soft">{gateStatusPhrases[gate.status]}</span>
      </header>
      <p className="text-selectable mt-1 text-xs text-dim">{gate.reason}</p>
      {gate.measurements.length === 0 ? null : (
        <table className="mt-2 w-full text-xs">
          <thead className="text-left text-faint">
            <tr>
              <th className="font-normal">Measured</th>
              <th className="text-right font-normal">Value</th>
              <th className="pl-2 text-right font-normal">Limit</th>
              <th className="w-5" />
            </tr>
          </thead>
          <tbody>
            {gate.measurements.map((measurement) => (
              <Row key={measurement.metric} measurement={measurement} />
            ))}
          </tbody>
        </table>
      )}
      <ul className="mt-1 space-y-1">
        {gate.findings.map((finding) => (
          <FindingRow key={`${finding.code}/${finding.startFrame}/${finding.message}`} finding={finding} />
        ))}
      </ul>
      <p className="tabular mt-2 text-2xs text-faint">
        {Math.round(gate.durationMs)} ms · {gate.policyVersion}
      </p>
    </section>
  );
}

function Row({ measurement }: { measurement: Measurement }) {
  const { metric, value, unit, threshold, status } = measurement;
  const isOff = status === 'fail' || status === 'review';
  return (
    <tr className="border-t align-top">
      <td className="py-1 text-soft">{metric.replaceAll('_', ' ')}</td>
      <td className={classNames('text-selectable tabular py-1 text-right', isOff ? 'text-ink' : 'text-soft')}>
        {value === null ? (
          <span className="text-eyes">not measured</span>
        ) : (
          `${showNumber(value)}${unit === null ? '' : ` ${unit}`}`
        )}
      </td>
      <td className="tabular py-1 pl-2 text-right text-dim">{threshold ?? '—'}</td>
      <td className="py-1 pl-2" title={gateStatusPhrases[status]}>
        <Mark {...gateMarks[status]} className="mt-0.5" />
        <span className="sr-only">{gateStatusPhrases[status]}</span>
      </td>
    </tr>
  );
}

function FindingRow({ finding }: { finding: Finding }) {
  const showFrame = useViewStore((state) => state.showFrame);
  const { startFrame, endFrame } = finding;
  const last = endFrame !== null && startFrame !== null && endFrame > startFrame ? `–${endFrame}` : '';
  const isGrave = finding.severity === 'major' || finding.severity === 'fatal';
  return (
    <li className="text-selectable text-xs">
      <span className={isGrave ? 'text-bad' : 'text-eyes'}>▲ {severityPhrases[finding.severity]}</span>{' '}
      <span className="text-soft">{finding.message}</span>{' '}
      {startFrame === null ? null : (
        <button
          type="button"
          title="Show this frame"
          onClick={() => showFrame(startFrame)}
          className="tabular text-dim underline decoration-edge underline-offset-2 hover:text-ink"
        >
          frame {startFrame}
          {last}
        </button>
      )}
    </li>
  );
}

function showNumber(value: number | string | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? String(Math.round(value * 10_000) / 10_000) : value;
}
