import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { EngineStandIn } from '../../infra/engine-stand-in.fixture.js';
import { runHosted } from '../../infra/language-host.fixture.js';
import { program } from '../../infra/program.js';
import { recordedRun, said } from '../../infra/recorded-run.fixture.js';
import { awsStackRun, stackRun } from '../../infra/stack-files.fixture.js';

let engine: EngineStandIn;
beforeEach(async () => {
  engine = await EngineStandIn.start();
});
afterEach(() => engine.stop());

test.each([
  ['production', stackRun('production')],
  ['aws-production', awsStackRun('production')],
])(
  "Pulumi's own host for Node runs what Pulumi.yaml says of %s, and asks the engine for what the mocks saw",
  async (_, options) => {
    const run = await runHosted(engine, options);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(engine.errors).toEqual([]);

    const { registrations, outputs } = await recordedRun(() => program(), options);
    const asked = (list: typeof registrations) =>
      list
        .filter(({ type }) => /^(aws|random|kubernetes):/.test(type))
        .map(({ type, name, inputs, protect, ignoreChanges, dependencies }) => ({
          ...{ type, name, inputs, protect, ignoreChanges },
          dependencies: dependencies.length,
        }))
        .sort((a, b) => `${a.type} ${a.name}`.localeCompare(`${b.type} ${b.name}`));
    expect(asked(engine.registrations)).toEqual(asked(registrations));
    expect(engine.outputs).toEqual({ ...outputs, ...(outputs.aws && { aws: await said(outputs.aws) }) });
  },
);

test('a bad configuration ends it before anything is registered, with all that is wrong and no stack trace', async () => {
  const { exitCode } = await runHosted(engine, { stack: 'dev', config: { 'armature:target': 'aws' } });
  expect(exitCode).not.toBe(0);
  expect(engine.errors).toHaveLength(1);
  expect(engine.errors[0]).toContain('armature:aws: (missing) must say what is asked of AWS');
  expect(engine.errors[0]).toContain('armature:secrets.model-providers.openai: (missing)');
  expect(engine.errors[0]).not.toMatch(/\bat .*\.ts:\d+/);
  expect(engine.registrations.filter(({ type }) => type !== 'pulumi:pulumi:Stack')).toEqual([]);
});
