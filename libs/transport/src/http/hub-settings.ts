import { readFile } from 'node:fs/promises';
import { Problem } from '#kernel';
import type { HubOptions } from './open-hub.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable of the environment; undefined when it is empty, too. */
export const setting = (environment: Environment, name: string): string | undefined => {
  const value = environment[name];
  return value === '' ? undefined : value;
};

/**
 * Which hub, and as which client of it: `HUB_URL`, `HUB_CLIENT_ID`, `HUB_CLIENT_SECRET_FILE`, `HUB_ALLOW_PLAIN_HTTP`.
 * @throws Problem `setting-missing` or `setting-unreadable`, its `field` the name of the setting
 */
export async function hubSettings(environment: Environment): Promise<HubOptions> {
  const required = (name: string): string => {
    const value = setting(environment, name);
    if (value === undefined) throw new Problem('setting-missing', { field: name });
    return value;
  };
  const [url, clientId, secretFile] = ['HUB_URL', 'HUB_CLIENT_ID', 'HUB_CLIENT_SECRET_FILE'].map(required);
  const clientSecret = await readFile(secretFile ?? '', 'utf8').then(
    (text) => text.replace(/\r?\n$/, ''),
    () => '',
  );
  if (clientSecret === '') throw new Problem('setting-unreadable', { field: 'HUB_CLIENT_SECRET_FILE' });
  const allowPlainHttp = setting(environment, 'HUB_ALLOW_PLAIN_HTTP') === '1';
  return { url: url ?? '', clientId: clientId ?? '', clientSecret, allowPlainHttp };
}
