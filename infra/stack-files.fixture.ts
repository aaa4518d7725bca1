import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { SecretRef } from '../constructs/index.js';
import { environments, type Manifests, manifestsOf } from '../stacks/index.js';
import { isMade } from './aws/made-secrets.js';
import type { RunOptions } from './recorded-run.fixture.js';

/** Stacks that the project has a file of. */
export const STACKS = ['dev', 'staging', 'production'] as const;
export type StackName = (typeof STACKS)[number];
/** Those on AWS, by the environment of each. */
export type AwsStackName = `aws-${StackName}`;

/** What stands in a stack's file. */
export function stackFile(stack: StackName | AwsStackName): Readonly<Record<string, string>> {
  const text = readFileSync(new URL(`../Pulumi.${stack}.yaml`, import.meta.url), 'utf8');
  const { config } = load(text) as { config: Record<string, unknown> };
  // Pulumi hands over a structure as JSON.
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/** A value that stands nowhere else, so that it is found wherever it leaks. */
export function secretValue({ secret, key }: SecretRef): string {
  return `s3cr3t of ${secret}/${key}`;
}

const synthesised = new Map<StackName, Manifests>();

/** What a stack's environment is made of. */
export function stackManifests(stack: StackName): Manifests {
  const manifests = synthesised.get(stack) ?? manifestsOf(environments[stack]);
  synthesised.set(stack, manifests);
  return manifests;
}

/** A stack as its file says it, with secrets as its owner would set them. */
export function stackRun(stack: StackName): RunOptions {
  const secrets = valuesOf(stackManifests(stack).requiredSecrets);
  return {
    stack,
    config: { ...stackFile(stack), 'armature:secrets': JSON.stringify(secrets) },
    secretKeys: ['armature:secrets'],
  };
}

/** Secrets of an environment that nobody but its owner knows. */
export function outsideSecrets(stack: StackName): readonly SecretRef[] {
  return stackManifests(stack).requiredSecrets.filter((ref) => !isMade(ref));
}

/** The same environment on AWS: only the secrets of others are its owner's to set. @param own changes to `armature:aws` */
export function awsStackRun(stack: StackName, own: Readonly<Record<string, unknown>> = {}): RunOptions {
  const file = stackFile(`aws-${stack}`);
  return {
    stack: `aws-${stack}`,
    config: {
      ...file,
      'armature:aws': JSON.stringify({ ...JSON.parse(file['armature:aws'] ?? ''), ...own }),
      'armature:secrets': JSON.stringify(valuesOf(outsideSecrets(stack))),
    },
    secretKeys: ['armature:secrets'],
  };
}

function valuesOf(refs: readonly SecretRef[]): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const secrets: Record<string, Record<string, string>> = {};
  for (const ref of refs) secrets[ref.secret] = { ...secrets[ref.secret], [ref.key]: secretValue(ref) };
  return secrets;
}
