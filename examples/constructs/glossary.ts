import { defineService } from 'armature/contract';
import { translator } from './translator.js';

/** Another service, which the translator calls. */
export const glossary = defineService({
  ...translator,
  name: 'glossary',
  description: 'Knows a customer’s words.',
  port: 8102,
});
