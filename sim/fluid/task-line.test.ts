import { expect, test } from '@jest/globals';
import { tasks } from '../../contract/index.js';
import { TaskLine } from './task-line.js';

const HIGH = 0;
const NORMAL = 1;
const LOW = 2;

test('while every queue has work they are served 10 to 5 to 1', () => {
  const line = new TaskLine(tasks, 1);
  for (const priority of [HIGH, NORMAL, LOW]) line.add(priority, 1000);
  expect(line.take(160, 0)).toBeCloseTo(160);
  expect([...line.served].map((amount) => Math.round(amount))).toEqual([100, 50, 10]);
});

test('what a queue does not need goes to the others, by their weights', () => {
  const line = new TaskLine(tasks, 1);
  line.add(HIGH, 10);
  line.add(NORMAL, 1000);
  line.add(LOW, 1000);
  line.take(70, 0);
  expect([...line.served].map((amount) => Math.round(amount))).toEqual([10, 50, 10]);
});

test('no task is lost: each is done, waits, is to come again or is dead', () => {
  const line = new TaskLine(tasks, 1);
  line.add(HIGH, 100);
  let done = 0;
  for (let second = 0; second < 600; second++) done += line.take(1000, 0.5) * 0.5;
  expect(done + line.dead).toBeCloseTo(100, 6);
  // Four attempts, each failing by half.
  expect(line.dead).toBeCloseTo(100 / 16, 6);
});

test('a failed task comes again after the delays of the topology, and not before', () => {
  const line = new TaskLine(tasks, 1);
  line.add(LOW, 1);
  const taken: number[] = [];
  for (let second = 0; second < 500; second++) if (line.take(1, 1) > 0.5) taken.push(second);
  const [first = 0, second = 0, third = 0] = tasks.retryDelaysSeconds;
  expect(taken).toEqual([0, first, first + second, first + second + third]);
});
