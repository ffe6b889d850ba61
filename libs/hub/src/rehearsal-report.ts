import type { Mode, Purpose } from '#contracts';
import type { AgencyId, EventType, Sha256 } from '#kernel';
import type { Gap, GrantChange } from '#sharing';
import type { CellsBehind, Shown } from '#statistics';

/** Words of the report, for whoever describes the API. */
export { CHANGES } from '#sharing';

/** What of a count can't be told, and why. */
export interface NotTold {
  readonly symbol: 'x' | 'z';
  readonly reason:
    /** No release of it was frozen. */
    | 'no-release'
    /** Record releases and live subjects are not counted. */
    | 'not-counted'
    /** The release holds nothing finer than what is shown already, or not the field. */
    | 'not-held'
    /** Neither the reader's own, nor granted to the reader's agency by what is in force. */
    | 'not-yours';
}
/** What a frozen release holds behind a change, of one field or of none. */
export interface Behind {
  readonly direction: 'added' | 'removed';
  readonly publishers: readonly AgencyId[];
  readonly type: EventType;
  /** Absent: by place and time alone. */
  readonly field?: string;
  readonly place: string;
  readonly time: string;
  /** Absent where nothing could be counted. */
  readonly release?: string;
  readonly counts: Omit<CellsBehind, 'areas'> | NotTold;
  /** Where the reader may know them: the areas, those with most cells first. */
  readonly areas?: CellsBehind['areas'];
}
export type ReportedChange = GrantChange & { readonly behind: readonly Behind[] };

export const LOG_CHANGES = [
  'answered',
  'refused',
  'more',
  'less',
  'more-exactly',
  'on-fewer-conditions',
  'other-power',
  'labelled-otherwise',
  'guarded-more',
] as const;
/** `answered`: refused before · `refused`: answered before · `more`, `less`: rows of more publishers, or of fewer. */
export type LogChange = (typeof LOG_CHANGES)[number];
export interface LogChanges {
  readonly consumer: AgencyId;
  readonly operation: string;
  readonly purpose: string;
  readonly changes: readonly LogChange[];
  /** Law refuses what the draft would have answered. */
  readonly blocked: boolean;
  readonly questions: Shown;
}
export interface LogRehearsed {
  /** Of other agencies' those alone whose count is shown as a number. */
  readonly changed: readonly LogChanges[];
  /** The reader's own questions about a person: whether it was consented to is not on record, so they were not decided. */
  readonly aboutPeople: Shown;
  /** The reader's own questions of a time when what was asked was not yet kept. */
  readonly unreadable: Shown;
  /** Consumers of which the reader's agency may not know what they asked: they have signed nothing with it that stands. */
  readonly notTold: readonly AgencyId[];
}
export interface UnusedGrant {
  readonly agreement: string;
  readonly version: number;
  readonly clause: string;
  readonly consumer: AgencyId;
  readonly publishers: readonly AgencyId[];
  readonly types: readonly EventType[];
  readonly purposes: readonly Purpose[];
  readonly mode: Mode;
  /** First day of force: fewer than 90 days ago, it may not have had the time. */
  readonly since: string;
}
/** What a draft would change, as a data-protection officer reads it before anybody signs. */
export interface RehearsalReport {
  readonly agreement: string;
  readonly version: number;
  /** Of the text that was rehearsed. */
  readonly digest: Sha256;
  readonly title: string;
  /** Day on which both sets were asked. */
  readonly day: string;
  /** False: every party has signed it, and nothing is left to rehearse. */
  readonly drafted: boolean;
  /** Agencies whose suspension was left out of account on both sides. */
  readonly suspendedBy: readonly AgencyId[];
  readonly questions: number;
  readonly changes: readonly ReportedChange[];
  readonly log: LogRehearsed;
  readonly unused: { readonly days: number; readonly grants: readonly UnusedGrant[] };
  readonly signature: {
    readonly refused: boolean;
    /** What stands in the way beside the gaps: a problem's code. */
    readonly because?: string;
    readonly gaps: readonly Gap[];
  };
}
