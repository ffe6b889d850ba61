import { kind } from './problem-kind.ts';

/** Problems of suspending, ending and leaving an agreement: a part of the table of all codes. */
export const AGREEMENT_LIFE_PROBLEMS = {
  'agreement-not-in-force': kind(409, 'The agreement is not in force', 'There is nothing in force that could stop.'),
  'already-suspended': kind(
    409,
    'It is suspended already',
    'Your agency has suspended it; other agencies may as well.',
  ),
  'not-suspended': kind(
    409,
    'Your agency has not suspended it',
    'Each agency lifts its own suspension; nobody lifts that of another.',
  ),
  'ending-fixed': kind(
    409,
    'The end is fixed already',
    'It ends, or you leave, on that day or before it. An end is brought forward, never put off.',
  ),
  'party-left': kind(
    409,
    'A party has left',
    'The party named by `field` has left since this text was drafted: edit it before it is signed.',
  ),
} as const;
