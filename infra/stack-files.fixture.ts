import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { SecretRef } from '../constructs/index.js';
import { environments, type Manifests, manifestsOf } from '../stacks/index.js';
import type { RunOptions } from './recorded-run.fixture.js';

/** Stacks that the project has a file of. */
export const STACKS = ['dev', 'staging', 'production'] as const;
export type StackName = (typeof STACKS)[number];

/** What stands in a stack's file. */
export function stackFile(stack: StackName): Readonly<Record<string, string>> {
  const text = readFileSync(new URL(`../Pulumi.${stack}.yaml`, import.meta.url), 'utf8');
  return (load(text) as { config: Record<string, string> }).config;
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
  const secrets: Record<string, Record<string, string>> = {};
  for (const ref of stackManifests(stack).requiredSecrets) {
    secrets[ref.secret] = { ...secrets[ref.secret], [ref.key]: secretValue(ref) };
  }
  return {
    stack,
    config: { ...stackFile(stack), 'armature:secrets': JSON.stringify(secrets) },
    secretKeys: ['armature:secrets'],
  };
}
