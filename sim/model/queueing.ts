/** Formulas of queueing theory for a station of `servers` that work alike, each `load` (offered work in servers' time) below them. */

/** Erlang's C: the chance that an arrival must wait in M/M/c, by the recursion of Erlang's B, which never overflows. */
export function erlangC(servers: number, load: number): number {
  if (load <= 0) return 0;
  if (load >= servers) return 1;
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (load * blocked) / (n + load * blocked);
  return (servers * blocked) / (servers - load * (1 - blocked));
}

/** Mean and variance of a wait in seconds. */
export interface Wait {
  readonly mean: number;
  readonly variance: number;
}

/** Nearer to full the formulas speak of a steady state that takes hours to come about; by then there is a line, which is counted. */
const BUSIEST = 0.99;

export const NO_WAIT: Wait = { mean: 0, variance: 0 };

/**
 * Wait in G/G/c by Allen and Cunneen: that of M/M/c, corrected by how much arrivals and services vary. It is 0 with the chance that a
 * server is free, and exponential otherwise.
 *
 * @param scv squared coefficient of variation of the service time; arrivals are taken to come at random
 */
export function waitOf(servers: number, arrivalsPerSecond: number, serviceSeconds: number, scv = 1): Wait {
  const load = Math.min(arrivalsPerSecond * serviceSeconds, BUSIEST * servers);
  if (arrivalsPerSecond * serviceSeconds <= 0 || servers <= 0) return NO_WAIT;
  const chance = erlangC(servers, load);
  const ifWaiting = (serviceSeconds / (servers - load)) * ((1 + scv) / 2);
  const mean = chance * ifWaiting;
  return { mean, variance: 2 * chance * ifWaiting ** 2 - mean ** 2 };
}
