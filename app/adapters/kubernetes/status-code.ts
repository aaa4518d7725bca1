import { ApiException } from '@kubernetes/client-node';

/** The HTTP status with which the API server refused a call; `undefined` where it was not it who did. */
export function statusCodeOf(error: unknown): number | undefined {
  return error instanceof ApiException ? error.code : undefined;
}
