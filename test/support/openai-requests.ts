/** What tests ask a model in OpenAI's form. */
export const user = (content: string) => ({ role: 'user' as const, content });

export const weather = {
  type: 'function' as const,
  function: {
    name: 'weather',
    description: 'Tells the weather.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

/** Calls of it, as a model makes them. */
export const calls = [
  { id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' },
  { id: 'call_2', name: 'weather', arguments: '{"city":"Rome"}' },
];
