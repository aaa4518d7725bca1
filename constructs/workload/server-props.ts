import * as z from 'zod';
import { propForms } from '../hold-props.js';
import { imageRef } from './image.js';
import { resources } from './quantity.js';

const container = z.object({
  name: propForms.name,
  image: imageRef,
  resources,
  ports: z.record(z.string(), propForms.port).optional(),
});

/** What is held of the props of every server. */
export const serverProps = z.object({
  name: propForms.name,
  replicas: propForms.replicas,
  containers: z.array(container).min(1, 'must have a container'),
  terminationGraceSeconds: propForms.seconds,
  ports: z.record(z.string(), propForms.port),
  clientAffinitySeconds: propForms.affinitySeconds.optional(),
});
