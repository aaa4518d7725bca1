/** Milliseconds since the epoch. Given as an argument wherever a decision depends on time. */
export type Clock = () => number;

/** The same from now on, but that only time moves it: it neither follows when the wall clock is set, nor goes back. For leases, which are kept by time that has passed. */
export function steady(clock: Clock): Clock {
  const originMs = clock() - performance.now();
  return () => originMs + performance.now();
}
