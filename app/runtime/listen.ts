import type { FastifyInstance } from 'fastify';
import { hasErrorCode } from './error-code.js';

/** A port that a service needs is taken. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
  constructor(
    readonly service: string,
    readonly port: number,
  ) {
    super(`Port ${port}, which the ${service} service needs, is in use by another program.`);
  }
}

/**
 * Starts to listen.
 *
 * @param port 0 takes any free port
 * @returns the base URL
 * @throws {PortInUseError}
 */
export async function listen(app: FastifyInstance, service: string, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    if (hasErrorCode(error, 'EADDRINUSE')) throw new PortInUseError(service, port);
    throw error;
  }
}
