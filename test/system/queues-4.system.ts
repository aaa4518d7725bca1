import { describeQueues } from './queue-suite.js';

/** Of the lines that are at hand in a stable release, the one nearest to what clusters run. */
describeQueues('4.0');
