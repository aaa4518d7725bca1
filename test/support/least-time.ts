/** The processor's account is kept in ticks of up to 10 ms: a batch this long is measured to a tenth. */
const BATCH_MS = 100;

/**
 * Processor time of one run, in ms, in the quickest of five batches: what else the machine does only adds to it.
 * @param work called as often as a batch takes
 */
export function leastTimeMs(work: () => void): number {
  return Math.min(...Array.from({ length: 5 }, () => batchTimeMs(work)));
}

function batchTimeMs(work: () => void): number {
  const before = process.cpuUsage();
  for (let runs = 1; ; runs++) {
    work();
    const { user, system } = process.cpuUsage(before);
    const spentMs = (user + system) / 1000;
    if (spentMs >= BATCH_MS) return spentMs / runs;
  }
}
