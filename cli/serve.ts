import { PortInUseError } from '../app/runtime/listen.js';
import type { ProcessMain } from '../app/runtime/run-process.js';
import { makeLogger } from '../app/telemetry/logger.js';
import { type ServiceName, SettingsError } from '../contract/index.js';
import { EXIT_FAILURE, EXIT_USAGE } from './exit-codes.js';

/** Each is loaded when it is named: a process imports the drivers of its own stores only. */
const mains: Readonly<Record<ServiceName, () => Promise<{ readonly main: ProcessMain }>>> = {
  gateway: () => import('../app/services/gateway/main.js'),
  chat: () => import('../app/services/chat/main.js'),
  rag: () => import('../app/services/rag/main.js'),
  agent: () => import('../app/services/agent/main.js'),
  memory: () => import('../app/services/memory/main.js'),
  orchestrator: () => import('../app/services/orchestrator/main.js'),
  worker: () => import('../app/worker/main.js'),
  canary: () => import('../app/canary/main.js'),
};

/** `armature serve NAME`: one process of the platform, until SIGTERM or Ctrl-C; a second one ends it at once. What ends it otherwise is a line of its log. */
export async function runServe(name: string, { port }: { readonly port?: number | undefined }): Promise<void> {
  if (!isProcess(name)) {
    process.stderr.write(`There is no process "${name}"; there are ${Object.keys(mains).join(', ')}.\n`);
    process.exit(EXIT_USAGE);
  }
  const fail = (error: unknown) => {
    makeLogger(name, 'fatal').fatal({ err: error }, 'the process ends by an error that nobody caught');
    process.exit(EXIT_FAILURE);
  };
  process.on('uncaughtException', fail);
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(EXIT_FAILURE);
      stopping.abort(new Error(`The process was told to end by ${signal}.`));
    });
  }
  try {
    const { main } = await mains[name]();
    await main({ env: process.env, port, stopping: stopping.signal });
    process.exit(0);
  } catch (error) {
    if (!(error instanceof SettingsError || error instanceof PortInUseError)) return fail(error);
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_USAGE);
  }
}

function isProcess(name: string): name is ServiceName {
  return Object.hasOwn(mains, name);
}
