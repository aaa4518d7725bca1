import type { Step } from '../model/request-program.js';
import type { System } from '../model/system.js';
import type { Places } from './place.js';

/** The steps of one part of a program, as a request takes them. */
export interface Itinerary {
  readonly steps: readonly Step[];
  /** Of each step: the places that may serve it. */
  readonly places: readonly (readonly number[])[];
  /** By a step's place: the earlier ones that are over when it begins, in their order; one more for the end. */
  readonly overAt: readonly (readonly number[])[];
}

export interface Itineraries {
  readonly front: Itinerary;
  readonly task: Itinerary;
}

/** By the program's place. */
export function itinerariesOf({ requests }: System, places: Places): readonly Itineraries[] {
  return requests.map(({ front, task }) => ({ front: itineraryOf(front, places), task: itineraryOf(task, places) }));
}

function itineraryOf(steps: readonly Step[], places: Places): Itinerary {
  const numbers = Array.from({ length: steps.length + 1 }, (_, at) => at);
  return {
    steps,
    places: steps.map(({ service }) => places.of(service)),
    overAt: numbers.map((at) => numbers.slice(0, at).filter((i) => steps[i]?.end === at)),
  };
}
