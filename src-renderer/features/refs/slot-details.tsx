import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { refMediaUrl } from '../../../src-shared/api/media-urls.ts';
import type { RefPromotion, RefSlot } from '../../../src-shared/domain/ref.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { Button } from '../../ui/button.tsx';
import { showCount } from '../../ui/count-text.ts';
import { Block, Facts } from '../../ui/field-list.tsx';
import { HashText } from '../../ui/hash-text.tsx';
import { Poster } from '../../ui/poster.tsx';
import { dayAndTime } from '../../ui/time-text.ts';
import { slotTitle } from './slot-text.ts';
import { undoPromotion } from './use-candidate.ts';

/** Who uses a slot, what was made with an earlier hero, and every hero it has had. */
export function SlotDetails({ projectId, slot }: { projectId: string; slot: RefSlot }) {
  const { hero } = slot;
  const canUndo = slot.history.length > 1;
  return (
    <aside aria-label="Slot" className="w-[320px] shrink-0 overflow-y-auto border-l bg-panel 2xl:w-[400px]">
      <Block title={slotTitle(slot.slot)}>
        {hero === null ? (
          <p className="text-sm text-eyes">▲ No hero. Shots that use this slot are refused until it has one.</p>
        ) : (
          <>
            <Facts
              rows={[
                [
                  'File',
                  <span key="path" className="font-mono text-xs break-all">
                    {hero.path}
                  </span>,
                ],
                ['From', hero.source],
                ['Promoted', dayAndTime(hero.promoted_at)],
                ['Picture', slot.width === null ? null : `${slot.width} × ${slot.height}`],
              ]}
            />
            <div className="mt-2">
              <HashText hash={hero.sha256} label="hash of the hero" />
            </div>
          </>
        )}
      </Block>
      <Block
        title={`Used by ${slot.usedByShots.length === 1 ? '1 shot' : `${showCount(slot.usedByShots.length)} shots`}`}
      >
        <ShotLinks shotIds={slot.usedByShots} />
      </Block>
      <Block title="Approved takes made with an earlier hero">
        {slot.takesMadeWithOldHero.length === 0 ? (
          <p className="text-sm text-dim">none</p>
        ) : (
          <TakeLinks takeIds={slot.takesMadeWithOldHero} />
        )}
      </Block>
      <Block
        title="History"
        action={
          <Button
            tone="quiet"
            className="h-6"
            disabled={!canUndo}
            icon={<Undo2 className="size-3.5" />}
            onClick={() => void undoPromotion(projectId, slot.slot)}
          >
            Hero of before
          </Button>
        }
      >
        {slot.history.length === 0 ? <p className="text-sm text-dim">No image has been promoted.</p> : null}
        <ol className="space-y-2">
          {[...slot.history].reverse().map((promotion, index) => (
            <PastHero
              key={`${promotion.sha256}/${promotion.promoted_at}`}
              projectId={projectId}
              promotion={promotion}
              isPresent={index === 0}
            />
          ))}
        </ol>
      </Block>
    </aside>
  );
}

function PastHero({
  projectId,
  promotion,
  isPresent,
}: {
  projectId: string;
  promotion: RefPromotion;
  isPresent: boolean;
}) {
  return (
    <li className="flex gap-2">
      <Poster
        url={refMediaUrl(projectId, promotion.sha256)}
        alt=""
        fallback="—"
        className="size-12 shrink-0 rounded-xs"
      />
      <div className="min-w-0 flex-1 text-sm">
        <p className="truncate">
          {promotion.source} {isPresent ? <span className="text-xs text-good">✓ present hero</span> : null}
        </p>
        <p className="text-xs text-dim">{dayAndTime(promotion.promoted_at)}</p>
        <HashText hash={promotion.sha256} label="hash" />
      </div>
    </li>
  );
}

const firstLinks = 60;

/** Links to shots or takes. A slot can be used by every shot of an episode: each press shows as many again. */
function Links({ ids, onGo }: { ids: readonly string[]; onGo: (id: string) => void }) {
  const [shown, setShown] = useState(firstLinks);
  const left = ids.length - shown;
  return (
    <>
      {ids.slice(0, shown).map((id) => (
        <button
          key={id}
          type="button"
          className="tabular rounded px-1 text-sm text-soft underline decoration-edge underline-offset-2 hover:text-ink"
          onClick={() => onGo(id)}
        >
          {id}
        </button>
      ))}
      {left > 0 ? (
        <Button tone="quiet" className="h-6" onClick={() => setShown(shown * 2)}>
          and {showCount(left)} more
        </Button>
      ) : null}
    </>
  );
}

function ShotLinks({ shotIds }: { shotIds: readonly string[] }) {
  const { chooseRoom, chooseShot } = useViewStore();
  const go = (shotId: string) => {
    chooseShot(shotId);
    chooseRoom('dailies');
  };
  if (shotIds.length === 0) return <p className="text-sm text-dim">none of this episode</p>;
  return <Links ids={shotIds} onGo={go} />;
}

function TakeLinks({ takeIds }: { takeIds: readonly string[] }) {
  const { chooseRoom, chooseShot, chooseTake } = useViewStore();
  const go = (takeId: string) => {
    chooseShot(takeId.slice(0, takeId.lastIndexOf('_T')));
    chooseTake(takeId);
    chooseRoom('dailies');
  };
  return <Links ids={takeIds} onGo={go} />;
}
