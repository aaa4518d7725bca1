import { type Command, Option } from 'commander';

/** Making manifests, and judging them. */
export function addManifestCommands(program: Command): void {
  program
    .command('synth')
    .description('Write the YAML of one environment or of all, in an order that kubectl apply accepts.')
    .option('--env <name>', 'environment (default: all)')
    .option('--out <dir>', 'folder to write to', 'dist')
    .action(async (options: { env?: string; out: string }) => {
      const { runSynth } = await import('../synth.js');
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
      const { runCheck } = await import('../check.js');
      runCheck(dir, options);
    });
}
