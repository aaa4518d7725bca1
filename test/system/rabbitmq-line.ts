import { tool } from './tools.js';

/** Set to the line of RabbitMQ that a suite is to run on, such as `4.3`: that of `tools/setup.sh rabbitmq-4.3`. */
const CHOSEN = process.env.RABBITMQ;

/** A program of the broker that was chosen. @param line @default `RABBITMQ`, else the distribution's */
export function brokerProgram(name: 'epmd' | 'rabbitmqctl' | 'rabbitmq-server', line = CHOSEN): string {
  return line === undefined ? tool(name) : tool(name, `rabbitmq-${line}`);
}
