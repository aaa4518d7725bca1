import { describe, expect, it } from '@jest/globals';
import { abortSignalOf, ClientSignal } from './client-signal.js';

const reason = new Error('The client has gone.');

describe('the signal of a client', () => {
  it('tells those who listen, and not those who have ceased to', () => {
    const signal = new ClientSignal();
    const heard: string[] = [];
    const ceased = () => heard.push('ceased');
    signal.addEventListener('abort', ceased);
    signal.addEventListener('abort', () => heard.push(`${signal.aborted}`));
    signal.removeEventListener('abort', ceased);
    expect([signal.aborted, heard]).toEqual([false, []]);
    signal.abort(reason);
    expect([signal.aborted, signal.reason, heard]).toEqual([true, reason, ['true']]);
  });

  it('gives real signals that follow it, whether the client goes before or after', () => {
    const signal = new ClientSignal();
    const before = AbortSignal.any([abortSignalOf(signal)]);
    expect(before.aborted).toBe(false);
    signal.abort(reason);
    const after = abortSignalOf(signal);
    expect([before.reason, after.aborted, after.reason]).toEqual([reason, true, reason]);
  });

  it('leaves a real signal as it is', () => {
    const { signal } = new AbortController();
    expect(abortSignalOf(signal)).toBe(signal);
  });
});
