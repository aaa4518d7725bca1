/** Questions, each with the passage that answers it. The passages of the others are what it must not be mistaken for. */
export const QUESTIONS_AND_PASSAGES: readonly (readonly [question: string, passage: string])[] = [
  [
    'How many days of vacation do employees get?',
    'Every employee is entitled to 28 vacation days a year. Unused days expire at the end of March.',
  ],
  [
    'Who approves travel expenses?',
    'Travel expenses above 500 euros need the approval of the department head before the trip is booked.',
  ],
  [
    'When is the pump serviced?',
    'The cooling pump is serviced every six months by the plant engineer. The filter is replaced each time.',
  ],
  [
    'How do I reset my password?',
    'To reset your password, open the account page and choose "Forgot password". A link arrives by e-mail within a minute.',
  ],
  [
    'What is the rate limit for free users?',
    'Free users may send ten requests a minute; premium users one hundred. Requests over the limit are answered with status 429.',
  ],
  [
    'Which database stores the vectors?',
    'Vectors are kept in Qdrant, one collection for each tenant. Relational metadata lives in PostgreSQL.',
  ],
  [
    'How does autoscaling decide the number of replicas?',
    'The autoscaler compares the p99 latency of the pods with its target and sets the replicas in proportion.',
  ],
  [
    'What happens to a message after three retries?',
    'A message that failed three retries is moved to the dead-letter queue and the caller is told.',
  ],
  ['Where are backups kept?', 'Nightly backups are encrypted and kept for thirty days in a bucket of a second region.'],
  [
    'How is a canary release rolled back?',
    'If the error rate of the canary exceeds five percent, all traffic goes back to the stable release at once.',
  ],
  [
    'What is the warranty period of the washing machine?',
    'The washing machine comes with a warranty of two years, the motor with ten.',
  ],
  [
    'How do I clean the lint filter?',
    'Pull out the lint filter, rinse it under warm water and let it dry before putting it back.',
  ],
  [
    'Can I cancel my subscription?',
    'Subscriptions can be cancelled at any time; access ends with the month that has been paid.',
  ],
  [
    'What are the opening hours of the library?',
    'The library opens on weekdays from 9 to 18 and on Saturdays from 10 to 14.',
  ],
  [
    'How long does shipping to Canada take?',
    'Orders are shipped within two days. Delivery to Canada and the United States takes five to eight working days.',
  ],
  [
    'What is the boiling point of nitrogen?',
    'Liquid nitrogen boils at minus 196 degrees Celsius and must be handled with insulated gloves.',
  ],
  [
    'Who wrote the first computer program?',
    'Ada Lovelace published the first computer program in 1843, for the Analytical Engine of Charles Babbage.',
  ],
  [
    'How do vaccines work?',
    'A vaccine shows the immune system a harmless part of a pathogen, so that antibodies are ready when the real one comes.',
  ],
  ['What causes tides?', 'The tides are caused by the gravitation of the moon and, less strongly, of the sun.'],
  ['Which port does the gateway listen on?', 'The gateway listens on port 8080; the chat service on 8081.'],
  [
    'How are secrets passed to the pods?',
    'Secrets reach the pods as mounted files. A reference by environment variable must be chosen explicitly.',
  ],
  [
    'How do I bake sourdough bread?',
    'Let the sourdough rise for twelve hours, shape the bread and bake it at 250 degrees for forty minutes.',
  ],
  [
    'What should I do in case of fire?',
    'In case of fire leave the building by the nearest staircase, never by the lift, and gather at the car park.',
  ],
  [
    'How is the semantic cache protected from wrong hits?',
    'The semantic cache answers only above a cosine of 0.85, and a guard rejects questions that differ in a name or a number.',
  ],
  [
    'What does error E42 mean?',
    'E42: the door lock did not engage. Close the door firmly and start the programme again.',
  ],
  ['Is parental leave paid?', 'Parental leave is paid at eighty percent of the salary for the first six months.'],
  [
    'How do I export my data?',
    'Your data can be exported as CSV or JSON from the settings page; large exports are sent by e-mail.',
  ],
  [
    'Why are images blurry when printed?',
    'Printed images look blurry when their resolution is below 300 dots per inch. Export them at full size.',
  ],
  [
    'How often should the oil be changed?',
    'Change the engine oil every 15,000 kilometres or once a year, whichever comes first.',
  ],
  ['What is the dress code at the office?', 'There is no formal dress code. Customers are met in business attire.'],
  ['Wie lange ist die Kündigungsfrist?', 'Die Kündigungsfrist beträgt drei Monate zum Ende eines Quartals.'],
  ['日本の首都はどこですか', '東京は日本の首都で、人口は約千四百万人です。'],
];
