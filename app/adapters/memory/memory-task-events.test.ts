import { describeTaskEvents } from '../../queue/task-events.conformance.js';
import { MemoryTaskEvents } from './memory-task-events.js';

describeTaskEvents('events in memory', async () => ({ events: new MemoryTaskEvents() }));
