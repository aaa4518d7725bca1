import { freePorts, Program } from './program.js';

/** An S3 endpoint for one test run. */
export interface ObjectStoreServer {
  readonly endpoint: string;
  readonly program: Program;
}

/** Starts moto's server on a free port of loopback. It keeps objects in memory. */
export async function startObjectStore(folder: string): Promise<ObjectStoreServer> {
  const [port = 0] = await freePorts(1);
  const program = new Program('moto_server', ['-H', '127.0.0.1', '-p', String(port)], folder);
  const endpoint = `http://127.0.0.1:${port}`;
  await program.until(async () => (await fetch(endpoint)).status < 500);
  return { endpoint, program };
}
