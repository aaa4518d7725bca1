import { type Command, Option } from 'commander';
import type { PlanQuestion } from '../canary-plan.js';
import { parseAmount, parsePercent, parsePositive, parseShare, parseSteps } from './option-values.js';

/** Of `armature canary plan`. */
interface PlanOptions extends Pick<PlanQuestion, 'mean' | 'harm' | 'limit' | 'largest' | 'steps'> {
  readonly rps: number;
  readonly errors?: number;
  readonly usual?: number;
  readonly valued?: number;
  readonly mirror?: number;
}

/** Looking after releases. */
export function addCanaryCommands(program: Command): void {
  const canary = program
    .command('canary')
    .description("Look after releases, in the cluster and namespace of kubectl's current context.");

  canary
    .command('status')
    .description('Tell where every release stands, or one, and why.')
    .argument('[service]', 'whose releases')
    .addOption(new Option('--format <format>', 'how to write them').choices(['text', 'json']).default('text'))
    .action(async (service: string | undefined, { format }: { format: 'text' | 'json' }) => {
      const { runCanaryStatus } = await import('../canary.js');
      await runCanaryStatus(service, format);
    });

  for (const [verb, what] of [
    ['promote', 'Give the release under way all traffic now, whatever is not proven yet.'],
    ['abort', 'Take the release under way back now.'],
    ['approve', 'Let the release under way pass its step, where its policy waits for that.'],
    ['retry', 'Begin a release anew that was taken back.'],
  ] as const) {
    canary
      .command(verb)
      .description(what)
      .argument('<service>', 'whose release')
      .action(async (service: string) => {
        const { runCanaryCommand } = await import('../canary.js');
        await runCanaryCommand(verb, service);
      });
  }

  canary
    .command('plan')
    .description('Tell how long each step of a release needs to find a regression, and to pass without one.')
    .requiredOption('--rps <number>', 'requests per second of the service', parsePositive)
    .option('--errors <ratio>', "share of the canary's requests that fail, such as 0.1", parseShare)
    .option('--limit <number>', 'mean of the business metric that may be', parsePositive)
    .option('--mean <number>', "mean of the canary's answers that is worse", parseAmount)
    .addOption(
      new Option('--harm <direction>', 'what is worse of the business metric')
        .choices(['increase', 'decrease'])
        .default('increase'),
    )
    .option('--largest <number>', 'no single answer has more (default: 1)', parsePositive)
    .option('--usual <number>', 'mean while nothing is wrong (default: the best there is)', parseAmount)
    .option('--valued <ratio>', 'share of the answers that have a value (default: all)', parseShare)
    .option('--steps <percents>', "shares of the traffic, comma-separated (default: the policy's)", parseSteps)
    .option('--mirror <percent>', 'share of the requests that are mirrored before', parsePercent)
    .action(async ({ rps, errors, usual, valued, mirror, ...asked }: PlanOptions) => {
      const { runCanaryPlan } = await import('../canary-plan.js');
      runCanaryPlan({
        ...asked,
        requestsPerSecond: rps,
        errorRatio: errors,
        usualMean: usual,
        valuedRatio: valued,
        mirrorPercent: mirror,
      });
    });
}
