import type { ScalingProps, System } from '../../model/system.js';
import { knobsOf } from './knobs.js';

/** One prop that is to have another value. */
export interface PropChange {
  /** Its place in the environment's config, such as `scaling.cpuPercent`. */
  readonly prop: string;
  readonly from: number;
  readonly to: number;
}

export function propChanges(system: System, props: ScalingProps): readonly PropChange[] {
  return knobsOf(system).flatMap((knob) => {
    const [from, to] = [knob.read(system.props), knob.read(props)];
    return from === to ? [] : [{ prop: knob.name, from, to }];
  });
}

/** The changes as a difference of the environment's config, each line under the props that it stands in. */
export function propDiff(changes: readonly PropChange[]): string {
  const root = new Map<string, Branch | PropChange>();
  for (const change of changes) {
    const keys = change.prop.split('.');
    let at = root;
    for (const key of keys.slice(0, -1)) {
      const next = at.get(key);
      const branch = next instanceof Map ? next : new Map();
      at.set(key, branch);
      at = branch;
    }
    at.set(keys.at(-1) as string, change);
  }
  return linesOf(root, 1).join('\n');
}

interface Branch extends Map<string, Branch | PropChange> {}

function linesOf(branch: ReadonlyMap<string, Branch | PropChange>, depth: number): string[] {
  const indent = '  '.repeat(depth);
  return [...branch].flatMap(([key, value]) => {
    if (!(value instanceof Map)) return [`-${indent}${key}: ${value.from},`, `+${indent}${key}: ${value.to},`];
    // `scaling` is made by a factory that takes its props.
    const [open, close] = key === 'scaling' ? ['Scaling.autoscaled({', '}),'] : ['{', '},'];
    return [` ${indent}${key}: ${open}`, ...linesOf(value, depth + 1), ` ${indent}${close}`];
  });
}
