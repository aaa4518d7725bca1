import { describeSubmissions } from '../../queue/submissions.conformance.js';
import { MemorySubmissions } from './memory-submissions.js';

describeSubmissions('memory', async () => new MemorySubmissions());
