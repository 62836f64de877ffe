// The Studio for a browser on this machine. The one-time link goes to standard output; a new one follows each time a link
// has been used, so that another browser, or the same one after its cookies were cleared, still gets in.
import { tellWhoLeaves } from './ask-before-leaving.ts';
import { type HostOptions, hostStudio } from './host-studio.ts';
import { untilAborted } from './stop-signals.ts';

export interface ServeOptions extends Omit<HostOptions, 'onEntered'> {
  /** told when it listens, with the first link */
  onReady: (link: string) => void;
  /** told a fresh link after one was used */
  onNewLink: (link: string) => void;
  /** told which jobs are out when it ends, and by when to be back; not when none is */
  onJobsOut: (text: string) => void;
  /** ends it */
  stop: AbortSignal;
}

/** Serves until it is stopped. */
export async function serveInTerminal({
  onReady,
  onNewLink,
  onJobsOut,
  stop,
  ...options
}: ServeOptions): Promise<void> {
  let issueLink = () => '';
  const host = await hostStudio({ ...options, onEntered: () => onNewLink(issueLink()) });
  issueLink = host.server.issueLink;
  onReady(issueLink());
  await untilAborted(stop);
  const out = await tellWhoLeaves(host.studio);
  if (out !== null) onJobsOut(out);
  await host.close();
}
