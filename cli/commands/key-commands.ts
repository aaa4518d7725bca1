import { type Command, Option } from 'commander';
import { parseName } from './option-values.js';

const dataOption = () => new Option('--data <dir>', 'the folder of `armature start --data`, instead of PostgreSQL');

/** Looking after API keys. */
export function addKeyCommands(program: Command): void {
  const key = program
    .command('key')
    .description(
      'Look after the API keys of users. The settings by which the gateway finds PostgreSQL say where they are, or --data.',
    );

  key
    .command('create')
    .description('Make a key and show it, this once: it is kept as a hash only.')
    .requiredOption('--user <name>', 'whose requests are made with it', parseName)
    .option('--tenant <name>', 'whose documents they see (default: nobody else has them)', parseName)
    .option('--tier <tier>', 'which limits they have (default: those of a token that names no tier)')
    .option('--name <text>', 'what a person will know the key by', '')
    .addOption(dataOption())
    .action(async (options: { user: string; tenant?: string; tier?: string; name: string; data?: string }) => {
      const { runCreateKey } = await import('../key.js');
      await runCreateKey(options);
    });

  key
    .command('revoke')
    .description('End a key for good: every gateway refuses it within half a minute.')
    .argument('<id>', "the key's id, as list shows it")
    .addOption(dataOption())
    .action(async (id: string, options: { data?: string }) => {
      const { runRevokeKey } = await import('../key.js');
      await runRevokeKey(id, options);
    });

  key
    .command('list')
    .description('Tell all keys, whose they are and which are revoked.')
    .addOption(dataOption())
    .addOption(new Option('--format <format>', 'how to write them').choices(['text', 'json']).default('text'))
    .action(async (options: { data?: string; format: 'text' | 'json' }) => {
      const { runListKeys } = await import('../key.js');
      await runListKeys(options);
    });
}
