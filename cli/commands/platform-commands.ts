import { type Command, Option } from 'commander';
import { parsePort } from './option-values.js';

/** Running the platform: all of it, one process, and a look at one. */
export function addPlatformCommands(program: Command): void {
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
      const { runStart } = await import('../start.js');
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
      const { runServe } = await import('../serve.js');
      await runServe(name, options);
    });

  program
    .command('health')
    .description('Say whether a process of the platform is alive on this machine, at its usual port.')
    .action(async () => {
      const { runHealth } = await import('../health.js');
      await runHealth();
    });
}
