import { program } from './program.js';

/** The Pulumi program. What it exports are the stack's outputs. */
export const { environment, namespace, urls, endpoints, aws } = program();
