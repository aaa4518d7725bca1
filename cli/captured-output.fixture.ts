import { afterEach, beforeEach, jest } from '@jest/globals';

/** What a command has written since the test began. */
export interface CapturedOutput {
  out: string;
  err: string;
}

/** Captures what each test of a file writes, and leaves no exit code behind. */
export function captureOutput(): CapturedOutput {
  const captured: CapturedOutput = { out: '', err: '' };
  beforeEach(() => {
    Object.assign(captured, { out: '', err: '' });
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      captured.out += text;
      return true;
    });
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      captured.err += text;
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
  });
  return captured;
}
