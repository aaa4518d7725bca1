/** Who leads, as it stands in the cluster. */
export interface LeaseRecord {
  readonly holder: string;
  readonly durationSeconds: number;
  /** When the holder said last that it leads. */
  readonly renewTime: string;
  readonly transitions: number;
}

/** A lease as one candidate has seen it. */
export interface ObservedLease {
  readonly record: LeaseRecord;
  /** When the candidate saw it change last, by its own clock: the clocks of two nodes are not compared. */
  readonly seenMs: number;
}

/**
 * What a candidate writes: its own lease renewed, one that has run out or was given up taken; `null` while somebody else leads. The rules
 * of client-go (tools/leaderelection/leaderelection.go).
 */
export function claimLease(
  observed: ObservedLease | null,
  me: string,
  durationSeconds: number,
  nowMs: number,
): LeaseRecord | null {
  const renewTime = new Date(nowMs).toISOString();
  if (observed === null) return { holder: me, durationSeconds, renewTime, transitions: 0 };
  const { record, seenMs } = observed;
  if (record.holder === me) return { ...record, durationSeconds, renewTime };
  const isHeld = record.holder !== '' && nowMs < seenMs + record.durationSeconds * 1000;
  return isHeld ? null : { holder: me, durationSeconds, renewTime, transitions: record.transitions + 1 };
}
