import { describe, expect, it } from '@jest/globals';
import { tasks } from '../../../contract/index.js';
import { WorkTurns } from './work-turns.js';

describe('the turns of a consumer', () => {
  it('tells which queue alone has work, and none while two have, or nobody knows of any', () => {
    const turns = new WorkTurns(tasks.queues);
    expect(turns.alone).toBeUndefined();
    turns.saw('normal', 7);
    expect(turns.alone).toEqual({ name: 'tasks.normal', ready: 7 });
    turns.saw('low', 1);
    expect(turns.alone).toBeUndefined();
    turns.saw('normal', 0);
    expect(turns.alone).toEqual({ name: 'tasks.low', ready: 1 });
    turns.take();
    expect([turns.alone, turns.take()]).toEqual([undefined, undefined]);
  });

  it('takes a turn back that came to nothing, whatever was taken since', () => {
    const turns = new WorkTurns(tasks.queues);
    turns.saw('high', 100);
    turns.saw('normal', 100);
    const taken = turns.take();
    expect([taken?.priority, turns.take()?.priority]).toEqual(['high', 'normal']);
    if (taken) turns.giveBack(taken);
    turns.saw('high', 100);
    expect(turns.take()?.priority).toBe('high');
  });
});
