import type { Purpose } from '#contracts';
import type { AgencyId } from '#kernel';
import type { Agreement, Grant } from './agreement.ts';
import { gatewayObstacle } from './gateway-rules.ts';
import type { LawCase, LawPack } from './law-pack.ts';

const FROM = 'discloser' as AgencyId;
const TO = 'recipient' as AgencyId;
const DAY = '2026-11-01';
const REQUEST = '0'.repeat(32);

/** Place of the first of the pack's own cases that its rules decide otherwise than the case says; `undefined` for none. */
export function brokenCase(law: LawPack): number | undefined {
  const at = law.cases.findIndex((one) => resultOf(law, one) !== one.result);
  return at < 0 ? undefined : at;
}

/** `permit`, or the rule of the gateway that refuses: two agencies under an agreement that lacks nothing else. */
export function resultOf(law: LawPack, { from, to, tested = true, ...asked }: LawCase): string {
  const grant = grantOf(asked);
  const whole = agreementOf(grant, from, to);
  const agreement = tested ? whole : { ...whole, anonymisationTests: [] };
  const { types, fields } = grant;
  const found = gatewayObstacle({
    law,
    agreement,
    grant,
    publisher: FROM,
    consumer: TO,
    day: DAY,
    held: (agency) => new Set([agency === FROM ? from : to]),
    dutyRequest: (id) => ({ id, under: 's17', by: TO, to: FROM, types, fields, asked: DAY, due: DAY, status: 'open' }),
    consent: 'given',
  });
  return found?.rule ?? 'permit';
}

const grantOf = ({
  gateway,
  mode,
  type,
  fields,
  purpose,
  heldForFunctions,
}: Omit<LawCase, 'from' | 'to' | 'tested'>): Grant => ({
  id: 'case',
  publishers: [FROM],
  types: [type],
  consumer: TO,
  // a purpose that is none of ours is what some cases are about
  purposes: [purpose as Purpose],
  mode,
  gateway,
  fields,
  place: 'district',
  time: 'quarter',
  ageBands: 'standard',
  threshold: 7,
  openness: 'protected',
  heldForFunctions,
  provision: 's.6',
  necessity: 'necessary for the case',
  dutyRequest: REQUEST,
  conditions: [],
});

const agreementOf = (grant: Grant, from: LawCase['from'], to: LawCase['to']): Agreement => ({
  id: 'case',
  title: 'A case of the law pack',
  parties: [
    { agency: FROM, capacity: from },
    { agency: TO, capacity: to },
  ],
  jointControllers: [],
  purposes: grant.purposes,
  validity: { from: DAY, to: DAY },
  review: DAY,
  retention: 'P1Y',
  onwardSharing: 'none',
  contacts: [],
  lawful: { dpia: 'yes', dpoAdvice: 'yes', article6: '6(1)(e)', lawEnforcement: false, privacyNotice: '' },
  handling: { rights: '', accuracy: '', deletion: '', security: '', breach: '', training: '', termination: '' },
  anonymisationTests: [
    {
      recipient: TO,
      method: 'motivated intruder',
      assessor: 'an assessor',
      date: DAY,
      recipientKnowledge: 'none',
      review: DAY,
      place: 'lsoa',
      mode: 'record',
    },
  ],
  optOutCheck: { method: 'looked up', by: 'discloser', date: DAY },
  returns: [],
  grants: [grant],
});
