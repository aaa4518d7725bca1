import { describeQueues } from './queue-suite.js';

describeQueues();
