/** The Home Office hierarchy as far as rules need it: group › subgroup › code; codes begin with a digit, the rest with a letter. */
const SEXUAL_GROUP = 'sexual-offences';
const SEXUAL_SUBGROUPS: ReadonlySet<string> = new Set(['rape', 'other-sexual-offences']);
/** Classes 17–23, 70–73 and 88, with any letter or fraction. */
const SEXUAL_CODE = /^(?:1[7-9]|2[0-3]|7[0-3]|88)(?![0-9])/;

export const isOffenceClass = (code: string): boolean => code >= '0' && code < ':';
export const isSexualGroup = (code: string): boolean => code === SEXUAL_GROUP;
/** Finer than the group `sexual-offences`: a subgroup or a class of it. */
export const isSexualDetail = (code: string): boolean => SEXUAL_SUBGROUPS.has(code) || SEXUAL_CODE.test(code);
