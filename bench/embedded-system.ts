import type { ModelSpec } from '../contract/index.js';
import type { Assumptions } from '../sim/model/assumptions.js';
import { ModelMix } from '../sim/model/model-mix.js';
import { readSystem } from '../sim/model/read-system.js';
import type { System } from '../sim/model/system.js';
import { Local } from '../stacks/index.js';

/** `npm start` as the simulator sees it: one of each service, all on one thread. */
export function embeddedSystem(models: readonly ModelSpec[], slots: number, assumed: Assumptions): System {
  const system = readSystem(Local, { assumed });
  return {
    ...system,
    environment: 'npm start',
    oneProcess: true,
    models: new ModelMix(models, new Set(models.map(({ id }) => id)), assumed),
    workloads: system.workloads.map((one) => (one.slots === undefined ? one : { ...one, slots })),
  };
}
