import { expect } from '@jest/globals';
import { program } from '../program.js';
import { type RecordedRun, type Registration, recordedRun } from '../recorded-run.fixture.js';
import { awsStackRun, type StackName } from '../stack-files.fixture.js';
import type { StackOutputs } from '../stack-outputs.js';

/** The last part of a type token: its kind. */
export const kindOf = (type: string) => type.slice(type.lastIndexOf(':') + 1);

/** What the program registers of one of the stacks, and how to find it there. */
export type RecordedStack = Awaited<ReturnType<typeof recordStack>>;

export async function recordStack(stack: StackName) {
  const run: RecordedRun<StackOutputs> = await recordedRun(() => program(), awsStackRun(stack));
  const resources = run.registrations;
  const ofType = (type: string) => resources.filter((one) => one.type === type);
  const only = (type: string): Registration => {
    const found = ofType(type);
    expect([type, found.length]).toEqual([type, 1]);
    return found[0] as Registration;
  };
  const kube = (kind: string, name: string): Registration => {
    const found = resources.filter(
      (one) => one.type.startsWith('kubernetes:') && kindOf(one.type) === kind && one.name === name,
    );
    expect([kind, name, found.length]).toEqual([kind, name, 1]);
    return found[0] as Registration;
  };
  return { stack, isSmall: stack === 'dev', run, resources, ofType, only, kube };
}
