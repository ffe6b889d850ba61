import exclusionProfiled from '../examples/uk.svd.education.exclusion-profiled.v1.json' with { type: 'json' };
import exclusionRecorded from '../examples/uk.svd.education.exclusion-recorded.v1.json' with { type: 'json' };
import edAttendanceProfiled from '../examples/uk.svd.health.ed-attendance-profiled.v1.json' with { type: 'json' };
import edAttendanceRecorded from '../examples/uk.svd.health.ed-attendance-recorded.v1.json' with { type: 'json' };
import edContactRecorded from '../examples/uk.svd.health.ed-contact-recorded.v1.json' with { type: 'json' };
import incidentProfiled from '../examples/uk.svd.police.incident-profiled.v1.json' with { type: 'json' };
import incidentRecorded from '../examples/uk.svd.police.incident-recorded.v1.json' with { type: 'json' };
import incidentCorrected from '../examples/uk.svd.police.incident-recorded.v1.correction.json' with { type: 'json' };
import involvementRecorded from '../examples/uk.svd.police.involvement-recorded.v1.json' with { type: 'json' };
import releasePlanned from '../examples/uk.svd.prison.release-planned.v1.json' with { type: 'json' };
import releaseProfiled from '../examples/uk.svd.prison.release-profiled.v1.json' with { type: 'json' };
import releaseRecorded from '../examples/uk.svd.prison.release-recorded.v1.json' with { type: 'json' };

/** The committed examples: one event of each registered type, and a correction last. Each names its type itself. */
export const EVENT_EXAMPLES: readonly { readonly type: string }[] = [
  incidentRecorded,
  incidentProfiled,
  involvementRecorded,
  exclusionRecorded,
  exclusionProfiled,
  edAttendanceRecorded,
  edAttendanceProfiled,
  edContactRecorded,
  releasePlanned,
  releaseProfiled,
  releaseRecorded,
  incidentCorrected,
];
