import type { ModelSpec, RoutePriority, TaskClass, Tier } from '../../contract/index.js';

export type ModelRole = ModelSpec['role'];

export interface RoleChoice {
  readonly role: ModelRole;
  readonly reason: string;
}

/** Which kind of model a prompt should have (chapter 32.5). */
export function preferRole(taskClass: TaskClass, tier: Tier, priority: RoutePriority): RoleChoice {
  if (tier === 'free') return { role: 'cheap', reason: 'tier free has the cheap model only' };
  switch (taskClass) {
    case 'simple':
      return { role: 'cheap', reason: 'a simple prompt needs no more than a cheap model' };
    case 'specialised':
      return { role: 'specialist', reason: 'a specialised prompt is for the specialist model' };
    case 'medium':
      return priority === 'speed'
        ? { role: 'cheap', reason: 'a medium prompt with priority speed is for a cheap model' }
        : { role: 'strong', reason: `a medium prompt with priority ${priority} is for a strong model` };
    case 'complex':
      return roleForComplex(tier, priority);
  }
}

function roleForComplex(tier: Tier, priority: RoutePriority): RoleChoice {
  if (priority === 'cost') return { role: 'cheap', reason: 'a complex prompt with priority cost is for a cheap model' };
  if (priority === 'quality')
    return { role: 'strong', reason: 'a complex prompt with priority quality is for a strong model' };
  const role = tier === 'enterprise' ? 'strong' : 'cheap';
  return { role, reason: `a complex prompt with priority ${priority} is for a ${role} model in tier ${tier}` };
}

/** Roles in the order in which they stand in for one that is missing; a local model comes last. */
const STAND_INS: Readonly<Record<ModelRole, readonly ModelRole[]>> = {
  cheap: ['cheap', 'specialist', 'strong', 'local'],
  strong: ['strong', 'specialist', 'cheap', 'local'],
  specialist: ['specialist', 'strong', 'cheap', 'local'],
  local: ['local', 'cheap', 'specialist', 'strong'],
};

/** Roles that a tier may use, best first. Tier free never gets more than a cheap model, not even as a fallback. */
export function rolesInOrder(role: ModelRole, tier: Tier): readonly ModelRole[] {
  const order = STAND_INS[role];
  return tier === 'free' ? order.filter((one) => one === 'cheap' || one === 'local') : order;
}
