import type { RefSubject } from '../../../src-shared/domain/ref.ts';
import { subjectClassPhrases } from '../../../src-shared/phrases.ts';
import { classNames } from '../../ui/class-names.ts';
import { Mark } from '../../ui/state-mark.tsx';
import { countMissing, groupSubjects, subjectKey } from './slot-text.ts';

/** Everyone and everything the story shows, with the number of slots that still lack a hero. */
export function SubjectList(props: {
  subjects: readonly RefSubject[];
  current: string;
  onChoose: (key: string) => void;
}) {
  return (
    <nav aria-label="Subjects" className="w-[240px] shrink-0 overflow-y-auto border-r pb-4">
      {groupSubjects(props.subjects).map(([subjectClass, members]) => (
        <section key={subjectClass}>
          <h3 className="sticky top-0 border-b bg-floor px-3 py-1.5 text-xs font-medium text-dim">
            {subjectClassPhrases[subjectClass].many}
          </h3>
          {members.map((subject) => {
            const key = subjectKey(subject);
            const missing = countMissing(subject);
            return (
              <button
                key={key}
                type="button"
                aria-current={key === props.current}
                onClick={() => props.onChoose(key)}
                className={classNames(
                  'relative flex h-9 w-full items-center gap-2 px-3 text-left text-base',
                  key === props.current
                    ? 'bg-raised before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent'
                    : 'text-soft hover:bg-panel',
                )}
              >
                <span className="min-w-0 flex-1 truncate">{subject.name}</span>
                {missing > 0 ? (
                  <span className="flex items-center gap-1 text-xs text-eyes" title={`${missing} slots have no hero`}>
                    <Mark shape="dash" tone="eyes" /> {missing} empty
                  </span>
                ) : (
                  <span className="tabular text-xs text-dim">{subject.slots.length}</span>
                )}
              </button>
            );
          })}
        </section>
      ))}
    </nav>
  );
}
