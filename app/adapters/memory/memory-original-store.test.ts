import { describeOriginalStore } from '../../documents/original-store.conformance.js';
import { MemoryOriginalStore } from './memory-original-store.js';

describeOriginalStore('the memory adapter', async () => ({ store: new MemoryOriginalStore() }));
