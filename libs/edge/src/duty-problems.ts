import { kind } from './problem-kind.ts';

/** Problems of requests and returns under the duty: a part of the table of all codes. */
export const DUTY_PROBLEMS = {
  'period-has-events': kind(
    409,
    'There are events in the period',
    'A nil return says that nothing happened; the hub holds events of this feed that claim a time in the period.',
  ),
  'addressee-not-reached': kind(
    422,
    'The section does not reach that agency',
    'A request under s.15 or s.17 goes to another agency that is enrolled as a specified or relevant authority.',
  ),
  'use-outside-section': kind(
    422,
    'The section does not serve that use',
    'A request under s.17 serves monitoring and nothing else; one under s.15 serves anything but monitoring.',
  ),
  'reason-not-open': kind(
    422,
    'The reason is not open here',
    'Under s.15 four reasons are (s.15(7)), and none where the request is to identify kinds or causes or to prepare the strategy; under s.17 only that s.16(4) bars what is asked.',
  ),
  'duty-request-over': kind(
    409,
    'The request is over',
    'It was answered, refused or withdrawn, and that is final; ask anew.',
  ),
  'duty-requests-full': kind(
    409,
    'Too many requests wait',
    'An agency has at most 200 requests that wait for an answer; withdraw some.',
  ),
  'capacity-required': kind(
    403,
    'The legal capacity is not held',
    'A local policing body asks under s.17, a specified or relevant authority under s.15; your agency is not enrolled as one today.',
  ),
  'other-agency-required': kind(
    403,
    'The other agency does this',
    'The agency asked answers or refuses a request; the one that asked withdraws it.',
  ),
} as const;
