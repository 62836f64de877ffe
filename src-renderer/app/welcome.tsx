import { FolderOpen } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { KnownProject } from '../../src-shared/api/projects-contract.ts';
import { slugSchema } from '../../src-shared/domain/ids.ts';
import { studio } from '../api/client.ts';
import { desktopShell } from '../api/desktop-shell.ts';
import mark from '../icon.svg';
import { openProject } from '../stores/project-session.ts';
import { useStudioStore } from '../stores/studio-store.ts';
import { showTrouble } from '../stores/toast-store.ts';
import { Button } from '../ui/button.tsx';
import { Labelled } from '../ui/labelled.tsx';
import { TextField } from '../ui/text-field.tsx';
import { runCommand } from './keyboard/command-bus.ts';
import { keyOf } from './keyboard/commands.ts';
import { slugOf } from './project-slug.ts';
import { openProjectFolder } from './use-shell.ts';

/** The page without an open project: choose one that is known, or begin one. */
export function Welcome() {
  const projects = useStudioStore((state) => state.projects) ?? [];
  return (
    <main className="flex h-full items-center justify-center overflow-y-auto p-8">
      <div className="w-[520px]">
        <h1 className="flex items-center gap-3 text-xl font-semibold">
          <img src={mark} alt="" className="size-8" /> Circletake
        </h1>
        <p className="mt-1 mb-6 text-base text-dim">Choose the project whose dailies you want to see.</p>
        {projects.length === 0 ? (
          <p className="rounded border p-4 text-sm text-soft">No project is known on this machine yet.</p>
        ) : null}
        <ul className="space-y-1">
          {projects.map((project) => (
            <li key={project.id}>
              <ProjectRow project={project} />
            </li>
          ))}
        </ul>
        {desktopShell === null ? null : (
          <Button className="mt-3" icon={<FolderOpen className="size-4" />} onClick={() => void openProjectFolder()}>
            Open a project folder…
          </Button>
        )}
        <NewProject />
        <Button tone="quiet" className="mt-4" keys={keyOf('app.settings')} onClick={() => runCommand('app.settings')}>
          Settings
        </Button>
      </div>
    </main>
  );
}

function ProjectRow({ project }: { project: KnownProject }) {
  return (
    <button
      type="button"
      onClick={() => void openProject(project.id)}
      className="flex w-full items-center gap-3 rounded border bg-panel px-3 py-2 text-left hover:border-edge hover:bg-hover"
    >
      <FolderOpen className="size-5 shrink-0 text-dim" aria-hidden="true" />
      <span className="min-w-0 flex-1">
        <span className="block text-base">{project.title}</span>
        <span className="block truncate text-xs text-dim">{project.displayPath}</span>
        {project.trouble === null ? null : <span className="block text-xs text-eyes">▲ {project.trouble}</span>}
      </span>
    </button>
  );
}

function NewProject() {
  const [title, setTitle] = useState('');
  const slug = slugOf(title);
  const create = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const made = await studio.projects.create({ slug, title: title.trim() });
      await openProject(made.id);
    } catch (error) {
      showTrouble(error);
    }
  };
  return (
    <form onSubmit={(event) => void create(event)} className="mt-6 flex items-end gap-2 border-t pt-6">
      <Labelled text="New project" className="flex-1">
        {(id) => (
          <TextField
            id={id}
            className="w-full"
            placeholder="Title"
            value={title}
            onChange={(event) => setTitle(event.target.value)}
          />
        )}
      </Labelled>
      <Button type="submit" disabled={!slugSchema.safeParse(slug).success}>
        Create
      </Button>
    </form>
  );
}
