import type { AgencyId, EventType } from '#kernel';

/** Sections of the PCSC Act 2022 under which information is asked for by a dated request. */
export const DUTY_SECTIONS = ['s15', 's17'] as const;
export type DutySection = (typeof DUTY_SECTIONS)[number];

/** What it is asked for. `monitoring` is the local policing body's function (s.14); the others are the duty holders'. */
export const DUTY_USES = ['identify-kinds-or-causes', 'prepare-strategy', 'implement-strategy', 'monitoring'] as const;
export type DutyUse = (typeof DUTY_USES)[number];

/** How it was answered, as the agency asked says; the hub checks neither. */
export const DUTY_ANSWERS = ['supplied', 'under-agreement'] as const;
export type DutyAnswer = (typeof DUTY_ANSWERS)[number];

/** The four reasons of s.15(7). */
export const S15_REFUSALS = [
  'another-statutory-duty',
  'adverse-effect-on-functions',
  'disproportionate',
  'unreasonable-cost',
] as const;
/** The only answer but the information to a request under s.17: s.16(4) bars what is asked. */
export const S17_REFUSALS = ['barred-by-s16-4'] as const;
export const DUTY_REFUSAL_REASONS = [...S15_REFUSALS, ...S17_REFUSALS] as const;
export type DutyRefusalReason = (typeof DUTY_REFUSAL_REASONS)[number];

/** A request as the facts tell it. Open until it is answered, refused or withdrawn, each of which is final. */
export interface DutyRequest {
  readonly id: string;
  readonly under: DutySection;
  readonly by: AgencyId;
  readonly to: AgencyId;
  readonly types: readonly EventType[];
  readonly fields: readonly string[];
  readonly period: { readonly from: string; readonly to: string };
  readonly use: DutyUse;
  /** Days, Europe/London; so is `ended`, on which its end was recorded. */
  readonly asked: string;
  readonly due: string;
  readonly status: 'open' | 'answered' | 'refused' | 'withdrawn';
  readonly ended?: string;
  readonly how?: DutyAnswer;
  readonly reasons?: readonly DutyRefusalReason[];
}

/**
 * Returns that somebody must send by a day. `cda-17a-quarterly`: depersonalised data by calendar quarter (SI 2007/1831).
 * `istv-monthly`: assaults seen by an emergency department (ISB 1594).
 */
export const RETURN_KINDS = ['cda-17a-quarterly', 'istv-monthly'] as const;
export type ReturnKind = (typeof RETURN_KINDS)[number];
/** Types of emergency department; ISB 1594 obliges the first alone. */
export const ED_DEPARTMENTS = ['01', '02', '03', '04'] as const;
export type EdDepartment = (typeof ED_DEPARTMENTS)[number];

/** A return that an agreement names: who must send which types, and who answers for it. */
export interface ExpectedReturn {
  readonly publisher: AgencyId;
  readonly kind: ReturnKind;
  readonly types: readonly EventType[];
  readonly owner: { readonly role: string; readonly mailbox: string };
  /** Of `istv-monthly`: the type of the department. */
  readonly department?: EdDepartment;
}
