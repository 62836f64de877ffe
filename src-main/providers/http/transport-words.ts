/** What is said when no usable answer came: who, what happened, where to look. The technical cause stays with the error. */

export type TransportCause =
  | 'dns'
  | 'refused'
  | 'unreachable'
  | 'tls'
  | 'timeout'
  | 'reset'
  | 'unreadable'
  | 'redirected';

/** Whom we asked. */
export interface Asked {
  /** the provider as people read it */
  readonly title: string;
  /** a machine whose address the user set in Settings */
  readonly isOwnMachine?: boolean;
}

const happened: Readonly<Record<TransportCause, string>> = {
  dns: 'cannot be found on the network',
  refused: 'refused the connection',
  unreachable: 'cannot be reached from here',
  tls: 'could not prove who it is',
  timeout: 'did not answer in time',
  reset: 'closed the connection before it had answered',
  unreadable: 'answered something that cannot be read',
  redirected: 'sent the request elsewhere',
};

const online = 'Look whether this machine is online.';
const between = 'Look whether a proxy or a firewall stands between.';

const whereToLook: Readonly<Record<TransportCause, (title: string) => string>> = {
  dns: () => online,
  refused: () => between,
  unreachable: () => online,
  tls: () => 'Look at the clock of this machine, and whether a proxy or a firewall stands between.',
  timeout: ifItGoesOn,
  reset: ifItGoesOn,
  unreadable: ifItGoesOn,
  redirected: () => between,
};

/** What there is to do where only the provider itself can be the reason. */
export function ifItGoesOn(title: string): string {
  return `If it goes on, look whether ${title} has trouble of its own.`;
}

/** The sentences for a failure on the way. */
export function transportWords({ title, isOwnMachine }: Asked, cause: TransportCause): string {
  const advice = isOwnMachine
    ? 'Look whether it is running, and at its address in Settings.'
    : whereToLook[cause](title);
  return `${title} ${happened[cause]}. ${advice}`;
}
