import type { Step } from '../model/request-program.js';
import type { System } from '../model/system.js';

/** The steps of one part of a program, as a request takes them. */
export interface Itinerary {
  readonly steps: readonly Step[];
  /** By a step's place: the earlier ones that are over when it begins, in their order; one more for the end. */
  readonly overAt: readonly (readonly number[])[];
}

export interface Itineraries {
  readonly front: Itinerary;
  readonly task: Itinerary;
}

/** By the program's place. */
export function itinerariesOf({ requests }: System): readonly Itineraries[] {
  return requests.map(({ front, task }) => ({ front: itineraryOf(front), task: itineraryOf(task) }));
}

function itineraryOf(steps: readonly Step[]): Itinerary {
  const places = Array.from({ length: steps.length + 1 }, (_, at) => at);
  return { steps, overAt: places.map((at) => places.slice(0, at).filter((i) => steps[i]?.end === at)) };
}
