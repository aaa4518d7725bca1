import { type Command, Option } from 'commander';
import { MODEL_PROVIDERS } from '../../contract/vocabulary/model.js';
import { parseRatio, parseTime } from './option-values.js';

/** What stands between prompts and models: the cache, the router, the ledger. */
export function addModelCommands(program: Command): void {
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
      const { runCalibrate } = await import('../cache.js');
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
    .option('--model <file>', 'a model that calibrate wrote (default: the built-in one)')
    .option('--rules', 'judge the rules that stand in for a model')
    .option('--svg <file>', 'draw the curve of quality and share of strong calls')
    .action(async (file: string, options: { model?: string; rules?: boolean; svg?: string }) => {
      const { runRouteEval } = await import('../route.js');
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
      const { runRouteCalibrate } = await import('../route.js');
      runRouteCalibrate(file, options);
    });

  program
    .command('ledger')
    .description('Look after the ledger of what models cost.')
    .command('reconcile')
    .description(
      "Hold the ledger against a provider's invoice, list what differs, and take the invoice's amounts over.",
    )
    .argument('<file>', 'JSON Lines of {"id", "input_tokens", "output_tokens", "cost_micro_usd"}, one for each call')
    .addOption(new Option('--provider <name>', 'whose invoice it is').choices(MODEL_PROVIDERS).makeOptionMandatory())
    .requiredOption('--from <time>', 'beginning of the time that is invoiced, such as 2026-01-01', parseTime)
    .requiredOption('--to <time>', 'its end, exclusive', parseTime)
    .option('--database <file>', 'SQLite file of `armature start --data` (default: the PostgreSQL of the settings)')
    .action(async (file: string, options: { provider: string; from: Date; to: Date; database?: string }) => {
      const { runReconcile } = await import('../ledger.js');
      await runReconcile(file, options);
    });
}
