import { requestBudget, TIERS, type Tier } from '../../contract/index.js';
import type { Step } from '../model/request-program.js';
import type { System } from '../model/system.js';
import type { Chance } from './chance.js';
import type { EventHeap } from './event-heap.js';
import { COME_AGAIN, STEP_DONE, WORK_DONE } from './events.js';
import { type Itineraries, type Itinerary, itinerariesOf } from './itinerary.js';
import type { ModelGrants } from './model-grants.js';
import type { Outcomes } from './outcomes.js';
import type { Place, Places } from './place.js';
import type { RequestPool } from './request-pool.js';
import type { ServerLine } from './server-line.js';
import type { TaskQueues } from './task-queues.js';

const PATIENCE_SECONDS = requestBudget.serviceCallMs / 1000;

/** What a journey leads through. */
export interface Surroundings {
  readonly system: System;
  readonly places: Places;
  readonly pool: RequestPool;
  readonly heap: EventHeap;
  readonly tasks: TaskQueues;
  readonly chance: Chance;
  readonly grants: ModelGrants;
  readonly outcomes: Outcomes;
}

/** Leads each request through its steps: it waits for a thread, works, waits for its stores and models, and goes on to the next. */
export class Journeys {
  readonly #itineraries: readonly Itineraries[];
  readonly #answerHits: number;
  readonly #taskFailures: number;

  constructor(private readonly around: Surroundings) {
    const { caches, failures } = around.system.assumed;
    this.#itineraries = itinerariesOf(around.system, around.places);
    this.#answerHits = caches.answerHits;
    this.#taskFailures = failures.taskFailures;
  }

  begin(now: number, request: number): void {
    this.#goTo(now, request, 0);
  }

  /** Its thread is free again; what it asks of stores and models goes on without. */
  workDone(now: number, request: number): void {
    const { pool, places, chance, grants, heap } = this.around;
    const place = places.all[pool.station[request] as number] as Place;
    place.served++;
    if (place.waitsForThread) {
      place.line.finish();
      this.serveNext(now, place.line);
    }
    const step = this.#step(request);
    let seconds = chance.ioSeconds(step);
    if (step.model && !chance.happens(this.#answerHits)) {
      const tier = TIERS[pool.tier[request] as number] as Tier;
      const model = grants.call(this.around.system.models.choice(tier, chance.taskClass()), now);
      if (model < 0) {
        this.#lost(now, request);
        return;
      }
      seconds += chance.modelSeconds(model);
    }
    heap.push(now + seconds, STEP_DONE, request);
  }

  stepDone(now: number, request: number): void {
    this.#goTo(now, request, (this.around.pool.step[request] as number) + 1);
  }

  /** A task comes, or comes again, into the queue of its tier. */
  queue(now: number, request: number): void {
    const { pool, tasks } = this.around;
    pool.inTask[request] = 1;
    if (tasks.arrive(request, pool.tier[request] as number)) this.#goTo(now, request, 0);
  }

  /** Lets the next ones work, as long as a thread is free; who has waited too long is gone. */
  serveNext(now: number, line: ServerLine): void {
    const { pool, places } = this.around;
    for (let next = line.next(); next >= 0; next = line.next()) {
      const place = places.all[pool.station[next] as number] as Place;
      if (now - (pool.waitsSince[next] as number) <= PATIENCE_SECONDS) this.#work(now, next, place);
      else {
        line.finish();
        place.rejected++;
        this.#lost(now, next);
      }
    }
  }

  /** Lets workers take tasks, as long as a slot is free. */
  takeTasks(now: number): void {
    const { line } = this.around.tasks;
    for (let next = line.next(); next >= 0; next = line.next()) this.#goTo(now, next, 0);
  }

  #itinerary(request: number): Itinerary {
    const { pool } = this.around;
    const { front, task } = this.#itineraries[pool.program[request] as number] as Itineraries;
    return pool.inTask[request] === 1 ? task : front;
  }

  #step(request: number): Step {
    return this.#itinerary(request).steps[this.around.pool.step[request] as number] as Step;
  }

  /** Closes what ends before the step, and begins it if it happens. */
  #goTo(now: number, request: number, from: number): void {
    const { steps, overAt, places } = this.#itinerary(request);
    const { pool, chance } = this.around;
    const { began, steps: width } = pool;
    const base = request * width;
    let next = from;
    for (;;) {
      const over = overAt[next] as readonly number[];
      for (let n = 0; n < over.length; n++) {
        const i = over[n] as number;
        const since = began[base + i] as number;
        if (since < 0) continue;
        this.#visited(steps[i] as Step, now - since, request);
        began[base + i] = -1;
      }
      const step = steps[next];
      if (!step) {
        this.#partDone(now, request);
        return;
      }
      if (step.chance >= 1 || chance.happens(step.chance)) {
        began[base + next] = now;
        pool.step[request] = next;
        this.#visit(now, request, places[next] as readonly number[]);
        return;
      }
      began[base + next] = -1;
      next = step.end;
    }
  }

  #visit(now: number, request: number, served: readonly number[]): void {
    const { pool, places } = this.around;
    const at = places.choose(served);
    const place = places.all[at];
    if (!place) {
      this.stepDone(now, request);
      return;
    }
    pool.station[request] = at;
    place.arrivals++;
    place.inFlight++;
    if (!place.waitsForThread) {
      this.#work(now, request, place);
      return;
    }
    pool.waitsSince[request] = now;
    if (place.line.arrive(request)) this.#work(now, request, place);
  }

  #work(now: number, request: number, place: Place): void {
    const { pool, chance, heap } = this.around;
    const cpu = chance.cpuSeconds(this.#step(request));
    place.workload.counters.cpuSeconds += cpu + place.proxySeconds;
    if (place.waitsForThread) place.waited(now - (pool.waitsSince[request] as number));
    heap.push(now + cpu / place.workload.model.coreShare, WORK_DONE, request);
  }

  #visited({ service }: Step, seconds: number, request: number): void {
    const { pool, places, outcomes } = this.around;
    const last = places.all[pool.station[request] as number];
    const place = last?.service === service ? last : places.first(service);
    if (place) outcomes.visited(place, seconds);
  }

  /** The front is done, and perhaps a task published; or the task is. */
  #partDone(now: number, request: number): void {
    const { pool, outcomes, chance } = this.around;
    const seconds = now - (pool.cameAt[request] as number);
    const isTask = pool.inTask[request] === 1;
    if (!isTask && (this.#itineraries[pool.program[request] as number] as Itineraries).task.steps.length > 0) {
      pool.frontSeconds[request] = seconds;
      if (outcomes.tally) outcomes.tally.tasks++;
      this.queue(now, request);
      return;
    }
    if (isTask) {
      this.#releaseSlot(now);
      if (chance.happens(this.#taskFailures)) {
        this.#tryAgain(now, request);
        return;
      }
    }
    outcomes.answered(seconds, isTask ? (pool.frontSeconds[request] as number) : undefined);
    pool.give(request);
  }

  #releaseSlot(now: number): void {
    this.around.tasks.line.finish();
    this.takeTasks(now);
  }

  /** Given up by a service, or refused by every provider: of a task it is an attempt, of a request the end. */
  #lost(now: number, request: number): void {
    const { pool, places, outcomes } = this.around;
    const { steps } = this.#itinerary(request);
    const step = pool.step[request] as number;
    for (let i = 0; i <= step; i++) {
      const at = request * pool.steps + i;
      if ((pool.began[at] as number) < 0 || (steps[i] as Step).end <= step) continue;
      const place = places.first((steps[i] as Step).service);
      if (place) place.inFlight--;
      pool.began[at] = -1;
    }
    if (pool.inTask[request] === 1) {
      this.#releaseSlot(now);
      this.#tryAgain(now, request);
      return;
    }
    outcomes.failed();
    pool.give(request);
  }

  #tryAgain(now: number, request: number): void {
    const { pool, tasks, heap, outcomes } = this.around;
    const attempt = pool.attempt[request] as number;
    const seconds = tasks.retryAfter(attempt);
    const { tally } = outcomes;
    if (seconds === undefined) {
      if (tally) tally.tasksDead++;
      pool.give(request);
      return;
    }
    pool.attempt[request] = attempt + 1;
    if (tally) tally.tasksRetried++;
    heap.push(now + seconds, COME_AGAIN, request);
  }
}
