import type { Endpoint } from '../contract/index.js';
import type { ServicePlan } from './service-plan.js';

/** Names of services that something else has already: each is a Deployment and a Service by its name. */
export function planProblems(plans: readonly ServicePlan[], stores: readonly { readonly spec: Endpoint }[]): string[] {
  const names = plans.map(({ spec }) => spec.name);
  const taken = stores.map(({ spec }) => spec.name);
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i || taken.includes(name)))].map((name) => {
    const whose = taken.includes(name) ? 'a store of the platform' : 'another service';
    return `"${name}" is the name of ${whose}. Fix: give the service a name of its own, or change the plan that there is: super.services().map(…).`;
  });
}
