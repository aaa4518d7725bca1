import { type Operation, rateLimitHeaders } from '../../contract/index.js';
import { errors, ServiceError } from './errors.js';

/** What a caller is told of a call to another service that has not gone well. */

export function late({ service, timeoutMs }: Operation): ServiceError {
  return errors.timeout(`The ${service.name} service`, timeoutMs);
}

export function unreachable({ service }: Operation, error: unknown): ServiceError {
  return errors.unavailable(`The ${service.name} service (${reasonOf(error)})`, 1);
}

/** Of an answer that had begun. */
export function brokenOff({ service }: Operation, error: unknown): ServiceError {
  return errors.upstream(service.name, `its answer is not whole (${reasonOf(error)})`);
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error ? inner.message : String(inner);
}

/** Passes a service's own error on: the caller's mistake stays a 4xx, a service's failure stays its failure. */
export function errorOf(
  service: string,
  status: number,
  text: string,
  retryAfter: string | string[] | undefined,
): ServiceError {
  const told = parseError(text);
  if (told === undefined) return errors.upstream(service, `status ${status}`);
  return new ServiceError({
    status,
    code: told.code,
    message: told.message,
    ...(typeof told.param === 'string' ? { param: told.param } : {}),
    details: told.details,
    headers: typeof retryAfter !== 'string' ? {} : { [rateLimitHeaders.retryAfter]: retryAfter },
  });
}

function parseError(text: string): ServiceError['body']['error'] | undefined {
  try {
    return (JSON.parse(text) as ServiceError['body']).error;
  } catch {
    return undefined;
  }
}
