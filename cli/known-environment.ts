import { ENVIRONMENT_NAMES, type EnvironmentName } from '../stacks/index.js';

/** There is no environment of that name. */
export class UnknownEnvironmentError extends Error {
  override readonly name = 'UnknownEnvironmentError';
  constructor(readonly environment: string) {
    super(`There is no environment "${environment}". There are: ${ENVIRONMENT_NAMES.join(', ')}.`);
  }
}

/** @throws {UnknownEnvironmentError} */
export function knownEnvironment(env: string): EnvironmentName {
  const name = ENVIRONMENT_NAMES.find((known) => known === env);
  if (name === undefined) throw new UnknownEnvironmentError(env);
  return name;
}
