import { type Command, Option } from 'commander';
import { parsePercent, parsePositive, parseSteps } from './option-values.js';

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
    .requiredOption('--errors <ratio>', "share of the canary's requests that fail, such as 0.1", parsePositive)
    .option('--steps <percents>', "shares of the traffic, comma-separated (default: the policy's)", parseSteps)
    .option('--mirror <percent>', 'share of the requests that are mirrored before', parsePercent)
    .action(async (options: { rps: number; errors: number; steps?: number[]; mirror?: number }) => {
      const { runCanaryPlan } = await import('../canary.js');
      const { rps, errors, steps, mirror } = options;
      runCanaryPlan({ requestsPerSecond: rps, errorRatio: errors, steps, mirrorPercent: mirror });
    });
}
