/** What a question to the simulator names that cannot be read or written. */
export class SimulateUsageError extends Error {
  override readonly name = 'SimulateUsageError';
}
