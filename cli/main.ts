#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { packageFolder } from '../app/runtime/package-folder.js';
import { endWithReader } from './broken-pipe.js';
import { addCanaryCommands } from './commands/canary-commands.js';
import { addExperimentCommands } from './commands/experiment-commands.js';
import { addKeyCommands } from './commands/key-commands.js';
import { addManifestCommands } from './commands/manifest-commands.js';
import { addModelCommands } from './commands/model-commands.js';
import { addPlatformCommands } from './commands/platform-commands.js';
import { addQueueCommands } from './commands/queue-commands.js';
import { addSimulatorCommands } from './commands/simulator-commands.js';
import { EXIT_USAGE } from './exit-codes.js';

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

addPlatformCommands(program);
addManifestCommands(program);
addSimulatorCommands(program);
addQueueCommands(program);
addKeyCommands(program);
addCanaryCommands(program);
addExperimentCommands(program);
addModelCommands(program);

await program.parseAsync();
