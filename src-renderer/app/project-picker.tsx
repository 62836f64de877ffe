import { ChevronDown } from 'lucide-react';
import { desktopShell } from '../api/desktop-shell.ts';
import { leaveProject, openProject } from '../stores/project-session.ts';
import { useProjectStore } from '../stores/project-store.ts';
import { useStudioStore } from '../stores/studio-store.ts';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../ui/menu.tsx';
import { openProjectFolder } from './use-shell.ts';

const trigger =
  'flex h-7 min-w-20 items-center gap-1 rounded px-2 text-base text-ink hover:bg-hover data-[state=open]:bg-hover';

/** Which project, and which of its episodes. */
export function ProjectPicker() {
  const snapshot = useProjectStore((state) => state.snapshot);
  const projects = useStudioStore((state) => state.projects) ?? [];
  if (snapshot === null) return null;
  const { project, projectId, episodeId, displayPath } = snapshot;
  const episode = project.episodes.find((entry) => entry.id === episodeId);
  return (
    // as wide as both menus at their least, so that what stands beside them is never painted over them
    <div className="flex min-w-[168px] items-center">
      <Menu
        trigger={
          <button type="button" aria-label="Project" title={displayPath} className={trigger}>
            <span className="truncate font-medium">{project.title}</span>
            <ChevronDown className="size-3.5 shrink-0 text-dim" aria-hidden="true" />
          </button>
        }
      >
        <MenuLabel>Projects on this machine</MenuLabel>
        {projects.map((known) => (
          <MenuItem key={known.id} checked={known.id === projectId} onSelect={() => void openProject(known.id)}>
            {known.title}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem onSelect={leaveProject}>All projects…</MenuItem>
        {desktopShell === null ? null : (
          <MenuItem onSelect={() => void openProjectFolder()}>Open a project folder…</MenuItem>
        )}
      </Menu>
      <span className="text-faint">/</span>
      <Menu
        trigger={
          <button type="button" aria-label="Episode" className={trigger}>
            <span className="truncate text-soft">
              {episodeId}
              {episode ? ` · ${episode.title}` : ''}
            </span>
            <ChevronDown className="size-3.5 shrink-0 text-dim" aria-hidden="true" />
          </button>
        }
      >
        {project.episodes.map((entry) => (
          <MenuItem
            key={entry.id}
            checked={entry.id === episodeId}
            onSelect={() => void openProject(projectId, entry.id)}
          >
            <span className="tabular text-dim">{entry.id}</span> {entry.title}
          </MenuItem>
        ))}
      </Menu>
    </div>
  );
}
