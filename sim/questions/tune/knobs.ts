import { services } from '../../../contract/index.js';
import type { ScalingProps, System } from '../../model/system.js';
import { isStable } from './with-props.js';

/** One prop that bears on replicas, with the values that are tried, ascending; its value of now is among them. */
export interface Knob {
  readonly name: string;
  readonly ladder: readonly number[];
  read(props: ScalingProps): number;
  write(props: ScalingProps, value: number): ScalingProps;
}

type ServiceName = keyof typeof services;
type Bound = 'minReplicas' | 'maxReplicas' | 'replicas';
type Autoscaled = Extract<ScalingProps['scaling'], { kind: 'autoscaled' }>;

const REPLICAS = [2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 65, 80, 100, 130, 160, 200, 250, 320, 400, 500];

/** What is tried of the targets and of the pace, besides what stands there. */
const TARGETS = {
  cpuPercent: [40, 50, 60, 70, 80, 90],
  memoryPercent: [60, 70, 80, 90],
  latencyP99Seconds: [0.25, 0.5, 1, 2, 4],
  backlogPerReplica: [1, 2, 5, 10, 20, 40, 80],
} as const;
const PACE = {
  scaleUp: { stabilizationSeconds: [0, 30, 60, 120], percent: [50, 100, 200], pods: [2, 5, 10, 20] },
  scaleDown: { stabilizationSeconds: [60, 120, 300, 600], percent: [10, 25, 50, 100], pods: [1, 2, 5, 10] },
} as const;

/** Every prop that may be turned, those that move most money first. */
export function knobsOf({ props, workloads }: System): readonly Knob[] {
  const { scaling } = props;
  const names = workloads.filter(isStable).map(({ service }) => service);
  const tunable = names.filter((name): name is ServiceName => Object.hasOwn(services, name));
  const bounds = (bound: Bound) => tunable.map((name) => boundKnob(workloads, name, bound));
  const knobs =
    scaling.kind === 'fixed'
      ? bounds('replicas')
      : [...bounds('minReplicas'), ...targetKnobs(), ...paceKnobs(), ...bounds('maxReplicas')];
  return knobs.map((knob) => ({ ...knob, ladder: withValue(knob.ladder, knob.read(props)) }));
}

/** Bounds of one service; a floor is never below two, or a drain takes the service away. */
function boundKnob(workloads: System['workloads'], name: ServiceName, bound: Bound): Knob {
  const model = workloads.find((one) => isStable(one) && one.service === name);
  const now = bound === 'replicas' ? model?.replicas : model?.autoscaler?.spec[bound];
  return {
    name: `services.${name}.${bound}`,
    // Where nothing scales an environment may have fifty of a service, and one.
    ladder: bound === 'replicas' ? [1, ...REPLICAS.filter((replicas) => replicas <= 50)] : REPLICAS,
    read: ({ services: own }) => own[name]?.[bound] ?? now ?? 2,
    write: (props, value) => ({
      ...props,
      services: { ...props.services, [name]: { ...props.services[name], [bound]: value } },
    }),
  };
}

function targetKnobs(): Knob[] {
  return (Object.keys(TARGETS) as (keyof typeof TARGETS)[]).map((target) => ({
    name: `scaling.${target}`,
    ladder: TARGETS[target],
    read: (props) => autoscaled(props)[target],
    write: (props, value) => ({ ...props, scaling: { ...autoscaled(props), [target]: value } }),
  }));
}

function paceKnobs(): Knob[] {
  return (['scaleDown', 'scaleUp'] as const).flatMap((direction) =>
    (Object.keys(PACE[direction]) as (keyof (typeof PACE)[typeof direction])[]).map((rule) => ({
      name: `scaling.behavior.${direction}.${rule}`,
      ladder: PACE[direction][rule],
      read: (props) => autoscaled(props).behavior[direction][rule],
      write: (props, value) => {
        const scaling = autoscaled(props);
        const { behavior } = scaling;
        const rules = { ...behavior[direction], [rule]: value };
        return { ...props, scaling: { ...scaling, behavior: { ...behavior, [direction]: rules } } };
      },
    })),
  );
}

function autoscaled({ scaling }: ScalingProps): Autoscaled {
  if (scaling.kind === 'fixed') throw new Error('Nothing scales here: there is no target and no pace to read.');
  return scaling;
}

function withValue(ladder: readonly number[], value: number): readonly number[] {
  return [...new Set([...ladder, value])].sort((a, b) => a - b);
}
