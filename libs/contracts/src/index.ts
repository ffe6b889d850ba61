export * from './decision.ts';
export * from './duty.ts';
export * from './hub-facts.ts';
export { joined, LEGAL_LABELS, type ColumnLabels, type LegalLabel } from './legal-labels.ts';
export { declassify, DECLASSIFIERS, type Declassifier, type DeclassifierName } from './declassify.ts';
export * from './clock-time.ts';
export {
  CODES_PACK_LIMITS,
  CODE_LIST_NAMES,
  CODE_LISTS,
  CODES_PACK_SCHEMA,
  CodeLists,
  parseCodesPack,
  type CodeList,
  type CodeListName,
  type CodesPack,
} from './code-lists.ts';
export { LIST_VERSION, PLACE_PATTERNS, type PlaceForm, type ValueType } from './values.ts';
export {
  CORRECTION_REASONS,
  WAYS,
  type AnonymisedData,
  type ConsentedData,
  type Corrects,
  type EventFamily,
  type Field,
  type Grain,
  type Need,
  type Use,
  type Way,
} from './fields.ts';
export { AGE_BANDS, ageBandOf, LOCATION_TYPES, PLACE_CONFIDENCES, type AgeBand } from './shared-fields.ts';
export { isSexualDetail, isSexualGroup } from './offence-codes.ts';
export {
  EVENT_FAMILIES,
  EVENT_TYPES,
  eventDefinition,
  eventTypesOf,
  fieldLabel,
  labelsIn,
  labelsOf,
  labelsShowing,
  tabulationGrain,
  typeLabelsOf,
  type EventData,
  type EventDefinition,
  type EventTypeName,
} from './registry.ts';
export { dataSchemaOf, schemaOf, type JsonSchema } from './json-schema.ts';
export { agencyOfSource, eventSchema, isEventId, SCHEMA_VERSION, SOURCE_FEEDS, type Envelope } from './envelope.ts';
export { EVENT_EXAMPLES } from './examples.ts';
export * from './read-event.ts';
export { documentSchema, readDocument, type Document, type Fault } from './strict-document.ts';
export { renderEventReference } from './event-reference.ts';
export { SESSION_BANDS, sessionBandOf } from './events/school-exclusion.events.ts';
