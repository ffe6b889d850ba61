import { holdsIdentifier } from './label-screen.ts';

describe('a text that is to be a label', () => {
  it.each([
    ['an NHS number', 'Mr Smith 9434765919'],
    ['one with spaces', '943 476 5919'],
    ['one with hyphens', 'see 943-476-5919'],
    ['one with two hyphens and a dash', '943--476 – 5919'],
    ['one with dots', '943.476.5919'],
    ['one with an invisible joint', '9434\u200b76591\u00ad9'],
    ['one in full-width digits', '９４３４７６５９１９'],
    ['one in Arabic digits', '٩٤٣٤٧٦٥٩١٩'],
    ['nine digits', 'case 123456789'],
    ['an e-mail', 'ask john.smith@example.org'],
    ['a full-width e-mail', 'john＠example．org'],
    ['a postcode', 'Twelve High Street SW1A 1AA'],
    ['a postcode without its space', 'cv12ab'],
    ['a postcode with a hyphen', 'high-street-m1-1ae'],
    ['the postcode without a digit in front', 'GIR 0AA'],
    ['a mobile', '07700 900123'],
    ['a number with its area in brackets', '(01926) 415000'],
    ['a number with a slash', '020/7946/0018'],
    ['an international number', '+44 (0)1632 960001'],
    ['one with 0044', '0044(1632)960001'],
  ])('is refused with %s', (_, text) => expect(holdsIdentifier(text)).toBe(true));

  it.each([
    ['Violence and sexual offences'],
    ['Further action is not in the public interest'],
    ['1-4.1-4.10-4.2'],
    ['Counting rules 2019-20'],
    ['As of 2024-01-31'],
    ['Years 10 to 13, ages 14-17'],
    ['Offence class 8N'],
    ['RXX01'],
    ['HMP Eastfleet (XXI)'],
    ['E01999001'],
    ['Knife, £3 or 50% of 1,000,000'],
    ['10:30 @ the desk'],
    ['Childline 0800 1111'],
    ['Open Government Licence v3.0'],
    ['sharp object, 2nd table'],
    [''],
  ])('may be %j', (text) => expect(holdsIdentifier(text)).toBe(false));
});
