/** Whether an error is the system's own of this code, such as `EADDRINUSE`. */
export function hasErrorCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
