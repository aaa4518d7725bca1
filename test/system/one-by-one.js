import { createRequire } from 'node:module';

/** @type {{ default: typeof import('jest-runner').default }} */
const { default: Runner } = createRequire(import.meta.url)('jest-runner');

/** Runs suites one after the other, however many workers there are: one of these keeps both cores busy by itself. */
export default class OneByOne extends Runner {
  /** @override */
  isSerial = true;
}
