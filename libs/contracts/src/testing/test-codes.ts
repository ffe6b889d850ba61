import { CODE_LISTS, type CodeListName, CodeLists, type CodesPack } from '../code-lists.ts';

const CODES: Readonly<Record<CodeListName, readonly string[]>> = {
  'street-category': ['violence-and-sexual-offences', 'possession-of-weapons', 'robbery', 'theft-from-the-person'],
  'street-outcome': ['under-investigation', 'investigation-complete-no-suspect-identified'],
  'home-office-offence': [
    '8N',
    '5D',
    '10D',
    '1-4.1-4.10-4.2',
    '17A',
    'rape',
    'sexual-offences',
    'violence-with-injury',
    'robbery',
  ],
  'flag-method': ['home-office-guidance', 'local-flag'],
  'ods-site': ['RXX01', 'RXX02'],
  'ods-trust': ['RXX'],
  'ed-method': ['1', 'sharp-object', '282732000'],
  'exclusion-reason': ['OW', 'PP', 'DB'],
  'exclusion-reason-local': ['BW'],
  'sen-need': ['SEMH'],
  prison: ['XXI'],
  'delivery-unit': ['pdu-01'],
  'mentor-provider': ['county-mentors'],
};

/** Invented, except for codes that are public classifications. Has one code at least in every list. */
export const testCodesPack: CodesPack = {
  kind: 'codes',
  version: 'test-1',
  title: 'Codes for tests',
  source: 'invented',
  licence: 'none',
  lists: Object.fromEntries(
    Object.entries(CODES).map(([name, codes]) => [
      name,
      {
        title: CODE_LISTS[name as CodeListName].title,
        version: 'v1',
        codes: Object.fromEntries(codes.map((code) => [code, /^[0-9]+$/.test(code) ? 'a code of digits' : code])),
      },
    ]),
  ),
};
export const testCodes = new CodeLists(testCodesPack);
