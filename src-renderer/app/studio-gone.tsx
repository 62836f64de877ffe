import { Unplug } from 'lucide-react';
import { useEffect } from 'react';
import { startStudio } from '../stores/project-session.ts';
import { useStudioStore } from '../stores/studio-store.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

const askAgainMs = 2000;

/** Shown while the Studio has never answered; asks again by itself. */
export function StudioGone() {
  const trouble = useStudioStore((state) => state.trouble);
  useEffect(() => {
    const timer = setInterval(() => void startStudio(), askAgainMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <EmptyState
      icon={<Unplug className="size-8" />}
      headline={trouble?.headline ?? 'No connection to the Studio'}
      sentence={trouble === null ? undefined : `${trouble.sentence} ${trouble.hint ?? ''}`}
    >
      <Button onClick={() => void startStudio()}>Try again</Button>
    </EmptyState>
  );
}
