import { type Command, Option } from 'commander';
import { parsePositive, parseRatio } from './option-values.js';

/** `armature experiment`: definitions, who changed them, and how long one takes. */
export function addExperimentCommands(program: Command): void {
  const dataOption = () => new Option('--data <dir>', 'the folder of `armature start --data`, instead of PostgreSQL');
  const experiment = program
    .command('experiment')
    .description(
      'Define experiments, tell who changed them, and plan how long one takes. PostgreSQL or --data, as for keys.',
    );

  experiment
    .command('put')
    .description('Add an experiment or change it, without a release: the next message is answered by it.')
    .argument('<file>', 'its definition, as YAML or JSON')
    .requiredOption('--by <name>', 'who changes it, for the history')
    .addOption(dataOption())
    .action(async (file: string, options: { by: string; data?: string }) => {
      const { runPutExperiment } = await import('../experiment.js');
      await runPutExperiment(file, options);
    });

  experiment
    .command('history')
    .description('Tell every change of an experiment: when, by whom, before and after, as JSON lines.')
    .argument('<name>', 'of the experiment')
    .addOption(dataOption())
    .action(async (name: string, options: { data?: string }) => {
      const { runExperimentHistory } = await import('../experiment.js');
      await runExperimentHistory(name, options);
    });

  experiment
    .command('plan')
    .description('Tell how many units and days it takes to find a change of a share.')
    .requiredOption('--from <share>', 'the share now, such as 0.2', parsePositive)
    .requiredOption('--to <share>', 'the share that is worth finding, such as 0.23', parsePositive)
    .requiredOption('--units-per-day <number>', 'users or sessions a day, in all variants', parsePositive)
    .option('--power <ratio>', 'chance of finding it', parseRatio, 0.8)
    .option('--alpha <ratio>', 'chance of finding what is not there', parseRatio, 0.05)
    .action(async (options: { from: number; to: number; unitsPerDay: number; power: number; alpha: number }) => {
      const { runPlanExperiment } = await import('../experiment.js');
      runPlanExperiment(options);
    });
}
