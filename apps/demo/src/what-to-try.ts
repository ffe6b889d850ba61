import { RELEASES_PLANNED } from '../agreements/grants.ts';
import { ALDERMOUTH_GENERAL, ANALYSIS, clientId, COMMISSIONER, HOST, MENTORS, POLICE, UNIVERSITY } from './agencies.ts';
import { connectorKeyFile, streetFile } from './publish.ts';

export interface Showing {
  readonly url: string;
  readonly extracts: string;
  /** Options that lead other commands of the demo to this hub; empty, or with a space before. */
  readonly place: string;
}

/** Commands that can be pasted into another terminal, in the order in which they tell the story. */
export function whatToTry({ url, extracts, place }: Showing): string {
  const table = (release: string): string => `${url}/v1/releases/${release}/table`;
  const june = table('police-incidents@1.2026-06.v1');
  const demo = `npm run -s demo --${place}`;
  const ask = (token: string, address: string): string => `curl -s -H "Authorization: Bearer ${token}" '${address}'`;
  const tell = (token: string, address: string, body: object): string =>
    `${ask(token, address)} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
  const release = {
    mode: 'subject',
    purpose: 'violence-reduction-pathway',
    types: [RELEASES_PLANNED],
    place: 'district',
    time: 'month',
  };
  const surveillance = `${url}/v1/agreements/ed-injury-surveillance`;
  const site = `${extracts}/${POLICE.agency}`;
  return `
The hub is ready at ${url}. Ctrl-C stops it; npm run demo goes on where it stopped.
The API is described at ${url}/docs. In another terminal, in this directory:

1. Sign in as an analyst of the county. Every agency and role is a client: ${demo} --print-clients

  ANALYST=$(${demo} --print-token ${clientId(ANALYSIS.agency, 'analyst')})

2. Ask what an agreement permits. Street crime by district is exact, since the force publishes it openly.

  ${ask('$ANALYST', `${june}?rows=place.district&columns=category&purpose=sv-needs-assessment`)}

3. Assaults seen by the hospitals: small numbers show as low, the others are rounded to five.

  ${ask('$ANALYST', `${table('ed-attendances@1.2026-Q2.v1')}?rows=place.district&columns=period.month&purpose=sv-needs-assessment`)}

4. Ask for a purpose that nobody granted, and, as a mentor, more finely than was granted: refused, with the rule.

  ${ask('$ANALYST', `${june}?rows=place.district&purpose=evaluation`)}
  MENTOR=$(${demo} --print-token ${clientId(MENTORS.agency, 'analyst')})
  ${ask('$MENTOR', `${june}?rows=place.lsoa&purpose=violence-reduction-pathway`)}

5. Read the register of uses, as anybody may, and an agreement in the clauses that answers cite, as one of its parties.

  curl -s '${url}/v1/register?format=text'
  ${ask('$ANALYST', `${url}/v1/agreements/regional-roll-up/text`)}

6. As a researcher, ask for a table under an agreement that gives records and no counts: refused. No records are frozen yet.

  RESEARCHER=$(${demo} --print-token ${clientId(UNIVERSITY.agency, 'analyst')})
  ${ask('$RESEARCHER', `${june}?rows=place.district&purpose=evaluation`)}

7. As a mentor, let the hub explain what it would say of a person's release: the month, by consent, and never the offence.

  MENTOR=$(${demo} --print-token ${clientId(MENTORS.agency, 'practitioner')})
  ${tell('$MENTOR', `${url}/v1/decisions/explain`, { ...release, fields: ['date'] })}
  ${tell('$MENTOR', `${url}/v1/decisions/explain`, { ...release, fields: ['offenceGroup'] })}

8. As a hospital's steward, draft what analysts might want next, assaults by LSOA: it says what refuses its signature.
   Rehearse it: what it would add of which fields and cells, and what law says to that.

  STEWARD=$(${demo} --print-token ${clientId(ALDERMOUTH_GENERAL.agency, 'steward')})
  VERSION=$(${ask('$STEWARD', surveillance)} -o /dev/null -w '%header{etag}')
  ${demo} --print-widening | ${ask('$STEWARD', surveillance)} -X PUT -H "If-Match: $VERSION" -H 'Content-Type: application/json' -d @-
  ${ask('$STEWARD', `${surveillance}/rehearsal?format=text`)} -N -X POST

9. As the commissioner, read what was requested of the force under s.17 and ask it for monitoring. As the hospital, see which
   returns it owes: their periods begin with the first whole one of the agreement.

  COMMISSIONER=$(${demo} --print-token ${clientId(COMMISSIONER.agency, 'steward')})
  ${ask('$COMMISSIONER', `${url}/v1/duty/requests`)}
  MONITOR=$(${demo} --print-token ${clientId(COMMISSIONER.agency, 'analyst')})
  ${ask('$MONITOR', `${table('police-profiles@1.2025.v1')}?rows=place.district&where=subjectRole:victim&purpose=s17-monitoring`)}
  ${ask('$STEWARD', `${url}/v1/duty/returns`)}

10. As the auditor, see who asked what, refusals included.

  AUDITOR=$(${demo} --print-token ${clientId(HOST.agency, 'auditor')})
  ${ask('$AUDITOR', `${url}/v1/audit/entries?consumer=${ANALYSIS.agency}`)}

11. As the force, push a month's file again through its connector: all of it repeated, nothing doubled.

  HUB_URL=${url} HUB_CLIENT_ID=${clientId(POLICE.agency, 'publisher')} HUB_CLIENT_SECRET_FILE=${site}/client.secret \\
    HUB_CONNECTOR_KEY_FILE=${connectorKeyFile(extracts, POLICE.agency)} \\
    npm run -s connector -- push police-street-csv ${streetFile(extracts, POLICE.agency, '2026-06-merrowshire-street.csv')}
`;
}
