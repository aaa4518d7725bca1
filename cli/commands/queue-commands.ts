import { type Command, Option } from 'commander';
import { parseCount } from './option-values.js';

const WHICH = 'ids of dead tasks, as inspect shows them';

/** Looking after the queues. */
export function addQueueCommands(program: Command): void {
  const queue = program
    .command('queue')
    .description('Look after the queues of tasks. The settings by which a worker finds its broker say where they are.');

  queue
    .command('inspect')
    .description('Tell how many tasks wait, and the oldest dead letters with the reasons of their failures.')
    .option('--limit <count>', 'dead letters to show', parseCount, 20)
    .addOption(new Option('--format <format>', 'how to write them').choices(['text', 'json']).default('text'))
    .action(async (options: { limit: number; format: 'text' | 'json' }) => {
      const { runInspect } = await import('../queue.js');
      await runInspect(options);
    });

  queue
    .command('replay')
    .description('Put dead tasks back into the queues they came from, to be tried anew.')
    .argument('[ids...]', WHICH)
    .option('--all', 'every dead task')
    .action(async (ids: string[], options: { all?: boolean }, command: Command) => {
      const { runReplay } = await import('../queue.js');
      await runReplay(chosen(ids, options, command));
    });

  queue
    .command('purge')
    .description('Remove dead letters for good.')
    .argument('[ids...]', WHICH)
    .option('--all', 'every dead letter, those too that were never tasks')
    .action(async (ids: string[], options: { all?: boolean }, command: Command) => {
      const { runPurge } = await import('../queue.js');
      await runPurge(chosen(ids, options, command));
    });
}

function chosen(ids: string[], { all = false }: { all?: boolean }, command: Command) {
  if (ids.length > 0 === all) command.error('error: name the ids of dead tasks, or give --all');
  return { ids, all };
}
