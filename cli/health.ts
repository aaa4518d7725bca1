import { services } from '../contract/index.js';
import { EXIT_FAILURE } from './exit-codes.js';

const TIMEOUT_MS = 2_000;

/** `armature health`: whether the process that serves on this machine is alive, by its own probe. In a container there is one. */
export async function runHealth(): Promise<void> {
  const asked = Object.values(services).map(async ({ name, port, probes }) => {
    const response = await fetch(`http://127.0.0.1:${port}${probes.liveness.path}`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`${name} answers ${response.status}`);
    return name;
  });
  const name = await Promise.any(asked).catch(() => undefined);
  process.stdout.write(name === undefined ? 'No process answers.\n' : `${name} is alive.\n`);
  process.exit(name === undefined ? EXIT_FAILURE : 0);
}
