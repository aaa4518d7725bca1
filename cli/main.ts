#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { packageFolder } from '../app/runtime/package-folder.js';
import { MODEL_PROVIDERS } from '../contract/vocabulary/model.js';
import { endWithReader } from './broken-pipe.js';
import { EXIT_USAGE } from './exit-codes.js';
import type { SimulateArguments } from './simulate.js';

endWithReader(process.stdout, () => process.exit());

const program = new Command('armature')
  .description('Infrastructure as code for LLM systems: generate the cluster, run the platform.')
  .option('-V, --version', 'print the version')
  .on('option:version', () => {
    const { version } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'));
    process.stdout.write(`${version}\n`);
    process.exit();
  })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE));

program
  .command('start')
  .description('Run the whole platform in this process, on embedded stores: no server, no key, no network.')
  .option(
    '--documents <dir>',
    "folder of Markdown, text, HTML and PDF files to ingest (default: the project's own documentation)",
  )
  .option('--no-documents', 'ingest nothing')
  .option('--data <dir>', 'keep documents, conversations, tasks and spending in this folder (default: in memory)')
  .option('--port <port>', "the gateway's port, the other services beside it; 0 takes free ones", parsePort)
  .addOption(
    new Option('--log-level <level>', 'what the services tell of themselves')
      .choices(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
      .default('warn'),
  )
  .action(async (options: { documents?: string | boolean; data?: string; port?: number; logLevel: string }) => {
    const { runStart } = await import('./start.js');
    const { documents, ...rest } = options;
    // Commander gives `true` for an absent --documents once there is a --no-documents.
    await runStart({ ...rest, documents: documents === true ? undefined : documents });
  });

program
  .command('serve')
  .description(
    'Run one process of the platform on real stores, as its pods do; its settings come from the environment.',
  )
  .argument('<process>', 'gateway, chat, rag, agent, memory, orchestrator, worker or canary')
  .option(
    '--port <port>',
    'port to listen on; 0 takes a free one (default: the one that its Service expects)',
    parsePort,
  )
  .action(async (name: string, options: { port?: number }) => {
    const { runServe } = await import('./serve.js');
    await runServe(name, options);
  });

program
  .command('health')
  .description('Say whether a process of the platform is alive on this machine, at its usual port.')
  .action(async () => {
    const { runHealth } = await import('./health.js');
    await runHealth();
  });

program
  .command('synth')
  .description('Write the YAML of one environment or of all, in an order that kubectl apply accepts.')
  .option('--env <name>', 'environment (default: all)')
  .option('--out <dir>', 'folder to write to', 'dist')
  .action(async (options: { env?: string; out: string }) => {
    const { runSynth } = await import('./synth.js');
    await runSynth(options);
  });

program
  .command('check')
  .description(
    'Say what is wrong with Kubernetes manifests, ours or not: dangling references, unsafe pods, outages to come.',
  )
  .argument('<dir>', 'folder of YAML and JSON files, read with its sub-folders; or one file')
  .addOption(new Option('--format <format>', 'how to write findings').choices(['text', 'json']).default('text'))
  .option('--skip <rules...>', 'ids of rules to leave out')
  .action(async (dir: string, options: { format: 'text' | 'json'; skip?: string[] }) => {
    const { runCheck } = await import('./check.js');
    runCheck(dir, options);
  });

const ASSUME = 'JSON of what differs from the default assumptions';
const LOAD =
  'what comes in: a file (time,rps in CSV, or a Prometheus answer in JSON), or a shape such as spike:50..1000@1h';

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
    const { runSimulate } = await import('./simulate.js');
    runSimulate(env, options);
  });

program
  .command('compare')
  .description('Put two environments side by side under one load: replicas, times, objectives, money.')
  .argument('<env>', 'environment')
  .argument('<other>', 'environment')
  .requiredOption('--load <load>', LOAD)
  .option('--assume <file>', ASSUME)
  .option('--json', 'write both results as JSON')
  .addHelpText('after', '\nExample:\n  $ armature compare staging production --load spike:20..200@2h')
  .action(async (one: string, other: string, options: { load: string; assume?: string; json?: boolean }) => {
    const { runCompare } = await import('./questions.js');
    runCompare(one, other, options);
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
    const { runCost } = await import('./questions.js');
    runCost(env, options);
  });

program
  .command('capacity')
  .description('Find the highest load that an environment bears, and what gives way first above it.')
  .argument('<env>', 'environment')
  .option(
    '--slo <objective>',
    "beside the contract's: p99=2s of the answers, chat.p99=300ms of a workload's",
    collect,
    [],
  )
  .option('--assume <file>', ASSUME)
  .option('--json', 'write it as JSON')
  .addHelpText('after', '\nExample:\n  $ armature capacity production --slo p99=10s')
  .action(async (env: string, options: { slo: string[]; assume?: string; json?: boolean }) => {
    const { runCapacity } = await import('./questions.js');
    runCapacity(env, options);
  });

const queue = program
  .command('queue')
  .description('Look after the queues of tasks. The settings by which a worker finds its broker say where they are.');

queue
  .command('inspect')
  .description('Tell how many tasks wait, and the oldest dead letters with the reasons of their failures.')
  .option('--limit <count>', 'dead letters to show', parseCount, 20)
  .addOption(new Option('--format <format>', 'how to write them').choices(['text', 'json']).default('text'))
  .action(async (options: { limit: number; format: 'text' | 'json' }) => {
    const { runInspect } = await import('./queue.js');
    await runInspect(options);
  });

const WHICH = 'ids of dead tasks, as inspect shows them';

queue
  .command('replay')
  .description('Put dead tasks back into the queues they came from, to be tried anew.')
  .argument('[ids...]', WHICH)
  .option('--all', 'every dead task')
  .action(async (ids: string[], options: { all?: boolean }, command: Command) => {
    const { runReplay } = await import('./queue.js');
    await runReplay(chosen(ids, options, command));
  });

queue
  .command('purge')
  .description('Remove dead letters for good.')
  .argument('[ids...]', WHICH)
  .option('--all', 'every dead letter, those too that were never tasks')
  .action(async (ids: string[], options: { all?: boolean }, command: Command) => {
    const { runPurge } = await import('./queue.js');
    await runPurge(chosen(ids, options, command));
  });

const key = program
  .command('key')
  .description(
    'Look after the API keys of users. The settings by which the gateway finds PostgreSQL say where they are, or --data.',
  );
const dataOption = () => new Option('--data <dir>', 'the folder of `armature start --data`, instead of PostgreSQL');

key
  .command('create')
  .description('Make a key and show it, this once: it is kept as a hash only.')
  .requiredOption('--user <name>', 'whose requests are made with it')
  .option('--tenant <name>', 'whose documents they see (default: nobody else has them)')
  .option('--tier <tier>', 'which limits they have (default: those of a token that names no tier)')
  .option('--name <text>', 'what a person will know the key by', '')
  .addOption(dataOption())
  .action(async (options: { user: string; tenant?: string; tier?: string; name: string; data?: string }) => {
    const { runCreateKey } = await import('./key.js');
    await runCreateKey(options);
  });

key
  .command('revoke')
  .description('End a key for good: every gateway refuses it within half a minute.')
  .argument('<id>', "the key's id, as list shows it")
  .addOption(dataOption())
  .action(async (id: string, options: { data?: string }) => {
    const { runRevokeKey } = await import('./key.js');
    await runRevokeKey(id, options);
  });

key
  .command('list')
  .description('Tell all keys, whose they are and which are revoked.')
  .addOption(dataOption())
  .addOption(new Option('--format <format>', 'how to write them').choices(['text', 'json']).default('text'))
  .action(async (options: { data?: string; format: 'text' | 'json' }) => {
    const { runListKeys } = await import('./key.js');
    await runListKeys(options);
  });

const canary = program
  .command('canary')
  .description("Look after releases, in the cluster and namespace of kubectl's current context.");

canary
  .command('status')
  .description('Tell where every release stands, or one, and why.')
  .argument('[service]', 'whose releases')
  .addOption(new Option('--format <format>', 'how to write them').choices(['text', 'json']).default('text'))
  .action(async (service: string | undefined, { format }: { format: 'text' | 'json' }) => {
    const { runCanaryStatus } = await import('./canary.js');
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
      const { runCanaryCommand } = await import('./canary.js');
      await runCanaryCommand(verb, service);
    });
}

canary
  .command('plan')
  .description('Tell how long each step of a release needs to find a regression, and to pass without one.')
  .requiredOption('--rps <number>', 'requests per second of the service', parsePositive)
  .requiredOption('--errors <ratio>', "share of the canary's requests that fail, such as 0.1", parsePositive)
  .option('--steps <percents>', "shares of the traffic, comma-separated (default: the policy's)", parseSteps)
  .action(async (options: { rps: number; errors: number; steps?: number[] }) => {
    const { runCanaryPlan } = await import('./canary.js');
    runCanaryPlan({ requestsPerSecond: options.rps, errorRatio: options.errors, steps: options.steps });
  });

const cache = program.command('cache').description('Look after the caches.');

cache
  .command('calibrate')
  .description(
    'Find the threshold of the semantic cache from pairs of questions that a person has labelled. The embeddings are those of the environment: those of the OpenAI-compatible server that it names, else the embedded ones. Ends with 1 if the pairs cannot show the bound.',
  )
  .argument('<file>', 'JSON Lines of {"same": true or false, "one": question, "other": question}')
  .option(
    '--max-false-hits <ratio>',
    'largest share of differing pairs that may be taken for the same',
    parseRatio,
    0.01,
  )
  .option('--svg <file>', 'write a picture of precision over recall there')
  .action(async (file: string, options: { maxFalseHits: number; svg?: string }) => {
    const { runCalibrate } = await import('./cache.js');
    await runCalibrate(file, options);
  });

const route = program.command('route').description('Measure the router, and fit it to prompts of your own.');

route
  .command('eval')
  .description('Say how well prompts are classified, or how much quality is kept by which share of strong calls.')
  .argument(
    '<file>',
    'JSON Lines of {"prompt", "class"}, or of {"prompt", "weak", "strong"}: how well each model answered, 0 to 1',
  )
  .option('--model <file>', 'a model that calibrate wrote (default: the rules)')
  .option('--svg <file>', 'draw the curve of quality and share of strong calls')
  .action(async (file: string, options: { model?: string; svg?: string }) => {
    const { runRouteEval } = await import('./route.js');
    runRouteEval(file, options);
  });

route
  .command('calibrate')
  .description(
    'Fit the classifier to prompts; the orchestrator classifies by the result where its settings name it (docs/how-to/routing.md).',
  )
  .argument('<file>', 'as for eval')
  .requiredOption('--out <file>', 'where to write the model')
  .action(async (file: string, options: { out: string }) => {
    const { runRouteCalibrate } = await import('./route.js');
    runRouteCalibrate(file, options);
  });

program
  .command('ledger')
  .description('Look after the ledger of what models cost.')
  .command('reconcile')
  .description("Hold the ledger against a provider's invoice, list what differs, and take the invoice's amounts over.")
  .argument('<file>', 'JSON Lines of {"id", "input_tokens", "output_tokens", "cost_micro_usd"}, one for each call')
  .addOption(new Option('--provider <name>', 'whose invoice it is').choices(MODEL_PROVIDERS).makeOptionMandatory())
  .requiredOption('--from <time>', 'beginning of the time that is invoiced, such as 2026-01-01', parseTime)
  .requiredOption('--to <time>', 'its end, exclusive', parseTime)
  .option('--database <file>', 'SQLite file of `armature start --data` (default: the PostgreSQL of the settings)')
  .action(async (file: string, options: { provider: string; from: Date; to: Date; database?: string }) => {
    const { runReconcile } = await import('./ledger.js');
    await runReconcile(file, options);
  });

await program.parseAsync();

function parsePositive(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It is a number above 0.');
}

function parseSteps(text: string): number[] {
  const steps = text.split(',').map(Number);
  const ascend = steps.every((percent, i) => Number.isInteger(percent) && percent > (steps[i - 1] ?? 0));
  if (ascend && steps.at(-1) === 100) return steps;
  throw new InvalidArgumentError('They are whole percents that ascend to 100, such as 5,25,100.');
}

function parseTime(text: string): Date {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError('It is a day or a time, such as 2026-01-31 or 2026-01-31T12:00:00Z.');
}

function chosen(ids: string[], { all = false }: { all?: boolean }, command: Command) {
  if (ids.length > 0 === all) command.error('error: name the ids of dead tasks, or give --all');
  return { ids, all };
}

function parseRatio(text: string): number {
  const ratio = Number(text);
  if (text.trim() !== '' && ratio > 0 && ratio < 1) return ratio;
  throw new InvalidArgumentError('It is a share between 0 and 1, such as 0.01 for 1 %.');
}

function parseCount(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1 to 99999.');
}

function collect(one: string, others: readonly string[]): string[] {
  return [...others, one];
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds >= 0.1 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError('It is a number of seconds from 0.1 to 3600.');
}

function parsePort(text: string): number {
  const port = Number(text);
  const highest = 65_535 - 100;
  if (/^\d+$/.test(text) && (port === 0 || (port >= 1024 && port <= highest))) return port;
  throw new InvalidArgumentError(`A port is 0 or a whole number from 1024 to ${highest}.`);
}
