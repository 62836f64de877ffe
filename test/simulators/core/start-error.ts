/** Why the simulator cannot start, as a sentence for whoever started it: no stack is shown. */
export class StartError extends Error {}
