import { expect, test } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import { Construct } from 'constructs';
import { type EnvironmentClass, Local, manifestsOf } from '../stacks/index.js';
import { program } from './program.js';
import { recordedRun } from './recorded-run.fixture.js';

test('a construct that moves leaves every URN as it is', async () => {
  class Moved extends Local {
    constructor(scope: Construct) {
      super(new Construct(new Construct(scope, 'another'), 'place'));
    }
  }
  const paths = (Environment: EnvironmentClass) =>
    new Set([...manifestsOf(Environment).origins().values()].map(({ constructPath }) => constructPath));
  const old = paths(Local);
  expect([...paths(Moved)].filter((path) => old.has(path))).toEqual([]);
  const config = { 'armature:target': 'kubernetes', 'armature:context': 'kind', 'armature:secretsFrom': 'cluster' };
  const run = (local: EnvironmentClass) => recordedRun(() => program({ local }), { stack: 'local', config });
  const [before, after] = [await run(Local), await run(Moved)];
  expect(before.registrations.length).toBeGreaterThan(100);
  expect(after.registrations).toEqual(before.registrations);
});

test('an environment of your own is known by the name that it is given', async () => {
  const config = { 'armature:target': 'kubernetes', 'armature:context': 'kind', 'armature:secretsFrom': 'cluster' };
  const { outputs, registrations } = await recordedRun(() => program({ berlin: Local }), { stack: 'berlin', config });
  expect(outputs).toMatchObject({ environment: 'local', urls: [] });
  expect(registrations.filter(({ type }) => type === 'kubernetes:core/v1:Secret')).toEqual([]);
});

test('a program that makes a resource inside apply is found by that', async () => {
  class Late extends pulumi.CustomResource {}
  const late = (): object => {
    const first = new Late('test:index:Thing', 'first', { value: 1 });
    first.id.apply((id) => new Late('test:index:Thing', `after ${id}`, {}));
    return {};
  };
  const names = async (preview: boolean) =>
    (await recordedRun(late, { stack: 'dev', config: {}, preview })).registrations.map(({ name }) => name);
  expect(await names(false)).toContain('after first');
  expect(await names(true)).not.toContain('after first');
});
