import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IConstruct } from 'constructs';

/** Deep enough for an environment's subclass; collecting frames costs microseconds, and only their text costs more. */
const FRAMES = 24;

/** Frames of the kit's own constructs say nothing to whoever uses them. */
const OWN_FOLDER = fileURLToPath(new URL('.', import.meta.url));

const marks = new WeakMap<IConstruct, Error>();

/** Remembers which line of code makes a construct. For the constructor of a construct that others are made of. */
export function markSourceLine(construct: IConstruct): void {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  marks.set(construct, new Error('made here'));
  Error.stackTraceLimit = limit;
}

/**
 * The line of the user's code that made a construct, or the nearest above it that is marked: `stacks/production.ts:12`, from the
 * current folder. Undefined if none is.
 */
export function sourceLine(construct: IConstruct): string | undefined {
  for (let scope: IConstruct | undefined = construct; scope !== undefined; scope = scope.node.scope) {
    const line = lineOfMark(scope);
    if (line !== undefined) return line;
  }
  return undefined;
}

const lines = new WeakMap<Error, string | undefined>();

/** Many objects share a marked construct, and the text of a stack is made when it is first read. */
function lineOfMark(construct: IConstruct): string | undefined {
  const mark = marks.get(construct);
  if (mark === undefined) return undefined;
  if (!lines.has(mark)) lines.set(mark, userLine(mark.stack ?? ''));
  return lines.get(mark);
}

/** The innermost frame that belongs to nobody's library. */
function userLine(stack: string): string | undefined {
  for (const [, place = '', line] of stack.matchAll(/^ +at (?:.*\()?(.+?):(\d+):\d+\)?$/gm)) {
    const path = place.startsWith('file:') ? fileURLToPath(place) : place;
    const isLibrary = path.startsWith('node:') || path.includes('/node_modules/') || path.startsWith(OWN_FOLDER);
    if (!isLibrary) return `${relative(process.cwd(), path)}:${line}`;
  }
  return undefined;
}
