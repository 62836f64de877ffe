import { classNames } from './class-names.ts';
import { agoText, dayAndTime, momentText } from './time-text.ts';

/** When something happened; its whole date and how long ago it was are in its tooltip. */
export function Moment({ at, className }: { at: string; className?: string }) {
  const now = Date.now();
  return (
    <time
      dateTime={at}
      // Reckoned when it is looked at: the list around it may have been drawn an hour ago.
      onPointerEnter={({ currentTarget }) => {
        currentTarget.title = `${dayAndTime(at)}, ${agoText(at, Date.now())}`;
      }}
      className={classNames('tabular', className)}
    >
      {momentText(at, now)}
    </time>
  );
}
