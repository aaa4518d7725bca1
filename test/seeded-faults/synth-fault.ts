/** What synthesis refuses: it throws. */
export interface SynthFault {
  readonly fault: string;
  readonly build: () => unknown;
  /** What its message names: the construct, the bad value, the fix. */
  readonly says: readonly string[];
}
