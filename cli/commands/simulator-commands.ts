import { type Command, Option } from 'commander';
import type { CompareArguments } from '../questions.js';
import type { SimulateArguments } from '../simulate.js';
import type { TuneArguments } from '../tune.js';
import { collect, parseCount, parseSeconds } from './option-values.js';

const ASSUME = 'JSON of what differs from the default assumptions';
const LOAD =
  'what comes in: a file (time,rps in CSV, or a Prometheus answer in JSON), or a shape such as spike:50..1000@1h';

const SLO = "beside the contract's: p99=2s of the answers, chat.p99=300ms of a workload's";

/** Asking the simulator. */
export function addSimulatorCommands(program: Command): void {
  program
    .command('simulate')
    .description('Say what a load will do to an environment: replicas, times, money, and what gives way first.')
    .argument('<env>', 'environment')
    .requiredOption('--load <load>', LOAD)
    .option('--assume <file>', ASSUME)
    .addOption(
      new Option('--engine <engine>', 'in ticks, or request by request: slower, with true tails')
        .choices(['fluid', 'discrete'])
        .default('fluid'),
    )
    .option('--seed <number>', 'for all that is left to chance', parseCount, 1)
    .option('--tick <seconds>', 'length of one step', parseSeconds, 1)
    .option('--every <seconds>', 'length of one sample of the series (default: by the duration)', parseSeconds)
    .addOption(new Option('--json', 'write the whole result as JSON').conflicts('csv'))
    .option('--csv', 'write the series as CSV')
    .option('--html <file>', 'write a page with charts')
    .addHelpText(
      'after',
      `
Loads: constant:RPS[@1h], step:RPS..RPS[@1h], spike:RPS..RPS[@1h], diurnal:RPS..RPS[@24h], seed:promotion, seed:backlog

Examples:
  $ armature simulate production --load promotion.csv
  $ armature simulate production --load spike:20..200@2h --html report.html
  $ armature simulate staging --load diurnal:5..40@7d --tick 15 --json

It ends with 1 if something is saturated or an objective is missed, with 2 if it was asked wrongly.`,
    )
    .action(async (env: string, options: SimulateArguments) => {
      const { runSimulate } = await import('../simulate.js');
      await runSimulate(env, options);
    });

  program
    .command('compare')
    .description('Put two environments side by side under one load: replicas, times, objectives, money.')
    .argument('<env>', 'environment')
    .argument('<other>', 'environment')
    .requiredOption('--load <load>', LOAD)
    .option('--assume <file>', ASSUME)
    .option('--tick <seconds>', 'length of one step', parseSeconds, 1)
    .option('--json', 'write both results as JSON')
    .addHelpText('after', '\nExample:\n  $ armature compare staging production --load spike:20..200@2h')
    .action(async (one: string, other: string, options: CompareArguments) => {
      const { runCompare } = await import('../questions.js');
      await runCompare(one, other, options);
    });

  program
    .command('cost')
    .description("What a month costs, by component: at the autoscalers' floors, as expected, at their ceilings.")
    .argument('<env>', 'environment')
    .option('--compare <env>', 'another environment beside it')
    .option('--load <load>', `of the expected case: ${LOAD}`, 'diurnal:2..20')
    .option('--assume <file>', ASSUME)
    .option('--json', 'write it as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ armature cost production\n  $ armature cost production --compare staging --load diurnal:5..50',
    )
    .action(async (env: string, options: { compare?: string; load: string; assume?: string; json?: boolean }) => {
      const { runCost } = await import('../questions.js');
      await runCost(env, options);
    });

  program
    .command('capacity')
    .description('Find the highest load that an environment bears, and what gives way first above it.')
    .argument('<env>', 'environment')
    .option('--slo <objective>', SLO, collect, [])
    .option('--assume <file>', ASSUME)
    .option('--json', 'write it as JSON')
    .addHelpText('after', '\nExample:\n  $ armature capacity production --slo p99=10s')
    .action(async (env: string, options: { slo: string[]; assume?: string; json?: boolean }) => {
      const { runCapacity } = await import('../questions.js');
      await runCapacity(env, options);
    });

  program
    .command('tune')
    .description(
      'Find the cheapest bounds, targets and pace of the autoscalers that keep the objectives, as a difference of props.',
    )
    .argument('<env>', 'environment')
    .requiredOption('--load <load>', LOAD)
    .option('--slo <objective>', SLO, collect, [])
    .option('--assume <file>', ASSUME)
    .option('--seed <number>', 'for all that is left to chance', parseCount, 1)
    .option('--json', 'write every setting that was tried as JSON')
    .option('--html <file>', 'write a page with the picture of money against objectives')
    .addHelpText(
      'after',
      `
Example:
  $ armature tune production --load spike:20..100@1h --slo p99=20s --html tune.html

Ctrl-C ends the search and tells the best that was found so far. It ends with 1 if no setting keeps the objectives.`,
    )
    .action(async (env: string, options: TuneArguments) => {
      const { runTune } = await import('../tune.js');
      await runTune(env, options);
    });

  program
    .command('fit')
    .description('Fit the times of the services from counters that Prometheus recorded; writes assumptions as JSON.')
    .argument('<file...>', 'answers of /api/v1/query_range, or of promtool query range -o json')
    .option('--assume <file>', ASSUME)
    .option('--one-process', 'all services are one process, as `armature start` has them')
    .addHelpText(
      'after',
      '\nExample:\n  $ armature fit recorded.json > ours.json\n  $ armature simulate production --load 2026-03-01.csv --assume ours.json',
    )
    .action(async (files: string[], options: { assume?: string; oneProcess?: boolean }) => {
      const { runFit } = await import('../fit.js');
      await runFit(files, options);
    });
}
