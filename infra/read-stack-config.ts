import * as pulumi from '@pulumi/pulumi';
import { type KnownEnvironments, parseStackConfig, type StackConfig } from './stack-config.js';
import { StackConfigError } from './stack-config-error.js';

/** Not in Pulumi's types, but what `Config` itself asks. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };

/** The configuration of the current stack. @throws {pulumi.RunError} naming every bad key. */
export function readStackConfig(environments: KnownEnvironments): StackConfig {
  const prefix = `${pulumi.getProject()}:`;
  const entries = Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value] as const);
  try {
    return parseStackConfig(
      {
        stack: pulumi.getStack(),
        values: Object.fromEntries(entries),
        secretKeys: new Set(entries.map(([key]) => key).filter((key) => isConfigSecret(prefix + key))),
      },
      environments,
    );
  } catch (error) {
    throw error instanceof StackConfigError ? withoutStack(new pulumi.RunError(error.message)) : error;
  }
}

/**
 * Pulumi does not show the stack of a RunError, and yet has Node format it. Over a path such as `node_modules/@pulumi/resource.ts` Node 20's
 * `util.inspect` with colours then runs until the text is longer than a string may be: 16 s of processor time.
 */
function withoutStack(error: Error): Error {
  error.stack = '';
  return error;
}
