/** A task cannot succeed, however often it is tried. */
export class PermanentTaskError extends Error {
  override readonly name = 'PermanentTaskError';
}
