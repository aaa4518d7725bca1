import * as pulumi from '@pulumi/pulumi';
import { RandomPassword } from '@pulumi/random/randomPassword.js';
import { type SecretRef, secretKey } from '../../constructs/index.js';
import { secrets } from '../../stacks/index.js';

const { redis, postgres, rabbitmq, qdrant, objectStore, tokens, grafana } = secrets;
/** Secrets of which nobody outside the stack need know anything. */
const MADE = new Set(
  [redis.password, postgres.password, rabbitmq.password, qdrant.apiKey, tokens, grafana.adminPassword].map(
    ({ secret }) => secret,
  ),
);

/** Where the pods find the certificates of the database's authorities. They are no secret, but stand beside its password. */
export const DATABASE_CA = secretKey(postgres.password.secret, 'ca-certificate');

/** Whether the program makes a secret, or AWS makes it unneeded: everything else comes from the stack's configuration. */
export function isMade({ secret }: SecretRef): boolean {
  return MADE.has(secret) || secret === objectStore.accessKeyId.secret;
}

/** Values that the program has made, by the Secret's name and key. */
export type MadeSecrets = Readonly<Record<string, Readonly<Record<string, pulumi.Output<string>>>>>;

/** Random values for the secrets that a stack makes itself. They stay what they are for as long as the stack lives. */
export function madeSecrets(refs: readonly SecretRef[], options: pulumi.CustomResourceOptions): MadeSecrets {
  const made: Record<string, Record<string, pulumi.Output<string>>> = {};
  for (const { secret, key } of refs.filter((ref) => isMade(ref) && ref.key !== DATABASE_CA.key)) {
    // Letters and digits: every store takes them, and no URL need escape them.
    const password = new RandomPassword(
      `${secret}-${key}`,
      { length: 48, special: false },
      { ...options, protect: true },
    );
    made[secret] = { ...made[secret], [key]: pulumi.secret(password.result) };
  }
  return made;
}
