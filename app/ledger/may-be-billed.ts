/** Where a connection failed before the provider could read anything. */
const NEVER_REACHED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/** Whether a provider may charge for a call that failed so: it does not for what it answered with an error, nor for what never reached it. */
export function mayBeBilled(error: unknown): boolean {
  for (let one = error, depth = 0; typeof one === 'object' && one !== null && depth < 5; depth += 1) {
    const { status, code, cause, errors } = one as Record<'status' | 'code' | 'cause' | 'errors', unknown>;
    if (typeof status === 'number') return false;
    if (typeof code === 'string' && NEVER_REACHED.test(code)) return false;
    one = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return true;
}
