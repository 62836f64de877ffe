import { useEffect, useState } from 'react';
import type { RefSubject } from '../../../src-shared/domain/ref.ts';
import { subjectClassPhrases } from '../../../src-shared/phrases.ts';
import { useProjectId } from '../../stores/project-store.ts';
import { loadRefs, useRefsStore } from '../../stores/refs-store.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TroublePanel } from '../../ui/trouble-panel.tsx';
import { SlotCard } from './slot-card.tsx';
import { SlotDetails } from './slot-details.tsx';
import { slotKeyOf, subjectKey } from './slot-text.ts';
import { SubjectList } from './subject-list.tsx';

/** Heroes of characters, locations and props: look, replace, see who uses what. */
export function RefsRoom() {
  const projectId = useProjectId();
  const load = useRefsStore((state) => state.load);
  const subjects = useRefsStore((state) => state.subjects);
  const [chosen, setChosen] = useState<string | null>(null);
  const isMissing = load.kind === 'none';
  useEffect(() => {
    if (projectId !== null && isMissing) void loadRefs(projectId);
  }, [projectId, isMissing]);
  const subject = subjects.find((one) => subjectKey(one) === chosen) ?? subjects[0] ?? null;
  if (projectId === null) return null;
  if (load.kind === 'refused') {
    return (
      <TroublePanel {...load.trouble}>
        <Button onClick={() => void loadRefs(projectId)}>Try again</Button>
      </TroublePanel>
    );
  }
  if (subject === null) {
    return load.kind === 'ready' ? (
      <EmptyState
        headline="No subjects"
        sentence="The bible names no character, location or prop yet. When it does, their slots appear here."
      />
    ) : (
      <p role="status" className="flex flex-1 items-center justify-center text-base text-dim">
        Reading the references…
      </p>
    );
  }
  return (
    <main className="flex min-h-0 flex-1">
      <SubjectList subjects={subjects} current={subjectKey(subject)} onChoose={setChosen} />
      <SubjectView key={subjectKey(subject)} projectId={projectId} subject={subject} />
    </main>
  );
}

function SubjectView({ projectId, subject }: { projectId: string; subject: RefSubject }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const slot = subject.slots.find((one) => slotKeyOf(one) === chosen) ?? subject.slots[0] ?? null;
  return (
    <>
      <section aria-label={subject.name} className="min-w-0 flex-1 overflow-y-auto p-6">
        <p className="text-xs text-dim">{subjectClassPhrases[subject.subjectClass].one}</p>
        <h2 className="text-xl font-semibold">{subject.name}</h2>
        <p className="text-selectable mt-1 max-w-[640px] text-sm text-soft">{subject.description}</p>
        {subject.slots.length === 0 ? (
          <p className="mt-6 text-sm text-dim">No shot of this episode asks for a picture of {subject.name}.</p>
        ) : null}
        <ul className="mt-6 grid grid-cols-[repeat(auto-fill,minmax(220px,1fr))] gap-4">
          {subject.slots.map((one) => (
            <li key={slotKeyOf(one)}>
              <SlotCard
                projectId={projectId}
                slot={one}
                isCurrent={one === slot}
                onChoose={() => setChosen(slotKeyOf(one))}
              />
            </li>
          ))}
        </ul>
      </section>
      {slot === null ? null : <SlotDetails key={slotKeyOf(slot)} projectId={projectId} slot={slot} />}
    </>
  );
}
