import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../test/support/sql-databases.js';
import { captureOutput } from './captured-output.fixture.js';
import { EXIT_FAILURE, EXIT_USAGE } from './exit-codes.js';
import { runExperimentHistory, runPlanExperiment, runPutExperiment } from './experiment.js';

const data = temporaryFolder();
const file = join(data, 'tone.yaml');

function define(treatmentShare: number) {
  writeFileSync(
    file,
    `name: tone
variants:
  - { name: control, share: 0.5 }
  - { name: terse, share: ${treatmentShare}, config: { systemPrompt: Be brief. } }
metrics:
  - { name: liked, kind: proportion }
`,
  );
}

describe('armature experiment', () => {
  const captured = captureOutput();

  it('puts a definition and tells who did', async () => {
    define(0.5);
    await runPutExperiment(file, { by: 'ada', data });
    captured.out = '';
    await runExperimentHistory('tone', { data });
    expect(JSON.parse(captured.out)).toMatchObject({ by: 'ada', before: null, after: { name: 'tone', unit: 'user' } });
  });

  it('refuses a definition whose shares do not add up, and keeps what was there', async () => {
    define(0.6);
    await runPutExperiment(file, { by: 'bob', data });
    expect(captured.err).toContain('shares add up to 1.1, not 1');
    expect(process.exitCode).toBe(EXIT_USAGE);
    await runExperimentHistory('tone', { data });
    expect(captured.out).not.toContain('bob');
  });

  it('refuses a part of a layer that another experiment has', async () => {
    const layered = (name: string, from: number, to: number) => {
      define(0.5);
      const text = readFileSync(file, 'utf8').replace('name: tone', `name: ${name}`);
      writeFileSync(file, `${text}layer: { name: answers, from: ${from}, to: ${to} }\n`);
      return runPutExperiment(file, { by: 'ada', data });
    };
    await layered('first', 0, 0.5);
    await layered('second', 0.4, 1);
    expect(captured.err).toContain('overlaps that of "first", 0 to 0.5');
    expect(process.exitCode).toBe(EXIT_FAILURE);
    await layered('second', 0.5, 1);
    expect(captured.out).toContain('second is as');
  });

  it('knows no history of what was never there', async () => {
    await runExperimentHistory('none', { data });
    expect([captured.err, process.exitCode]).toEqual(['Nothing is told of an experiment "none".\n', EXIT_FAILURE]);
  });

  it('plans, and refuses to plan for no difference', () => {
    runPlanExperiment({ from: 0.2, to: 0.25, unitsPerDay: 1_000, power: 0.8, alpha: 0.05 });
    expect(captured.out).toContain('one look at the end: 1094 units a variant, 3 days');
    runPlanExperiment({ from: 0.2, to: 0.2, unitsPerDay: 1_000, power: 0.8, alpha: 0.05 });
    expect([captured.err.includes('two different shares'), process.exitCode]).toEqual([true, EXIT_USAGE]);
  });
});
