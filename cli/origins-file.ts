import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { ObjectOrigin } from '../stacks/index.js';

/**
 * Beside the YAML of an environment: which construct and line of code made each object. `kubectl apply -f FOLDER` reads *.yaml, *.yml
 * and *.json only, so that nothing of it comes near a cluster.
 */
export const ORIGINS_FILE = '.origins';

const originsFile = z.record(z.string(), z.object({ constructPath: z.string(), sourceLine: z.string().optional() }));

export function originsText(origins: ReadonlyMap<string, ObjectOrigin>): string {
  return `${JSON.stringify(Object.fromEntries(origins), null, 1)}\n`;
}

/** Tells of an object that was read from a file what made it; nothing where synthesis left no word of it. Reads each folder's file once. */
export function originReader(): (file: string, value: Readonly<Record<string, unknown>>) => Partial<ObjectOrigin> {
  const folders = new Map<string, z.infer<typeof originsFile>>();
  return (file, value) => {
    const folder = dirname(file);
    const origins = folders.get(folder) ?? readOrigins(join(folder, ORIGINS_FILE));
    folders.set(folder, origins);
    const { name, namespace } = (value.metadata ?? {}) as { name?: unknown; namespace?: unknown };
    const { constructPath, sourceLine } =
      origins[[value.apiVersion, value.kind, [namespace, name].filter(Boolean).join('/')].join(' ')] ?? {};
    return { ...(constructPath !== undefined && { constructPath }), ...(sourceLine !== undefined && { sourceLine }) };
  };
}

/** A file that is not one of ours, or of another version, tells nothing; the manifests are checked all the same. */
function readOrigins(path: string): z.infer<typeof originsFile> {
  if (!existsSync(path)) return {};
  try {
    return originsFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return {};
    throw error;
  }
}
