import { homedir } from 'node:os';
import { join } from 'node:path';
import { setting, type Environment } from '#transport';

/** Where this agency keeps what only it may have. */
export interface LocalSettings {
  readonly keyFile: string;
  readonly stateDir: string;
}

/** What `--help` prints of the environment. */
export const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['HUB_URL', 'address of the hub, https (http on this machine)'],
  ['HUB_CLIENT_ID', 'client of this agency, with the role publisher'],
  ['HUB_CLIENT_SECRET_FILE', 'file that holds the client secret'],
  [
    'HUB_CONNECTOR_KEY_FILE',
    'key from which event ids are made; made on first use (0600). Default ~/.svd-hub/connector.key. Back it up: without it a re-push doubles',
  ],
  ['HUB_CONNECTOR_STATE_DIR', 'where an interrupted push is remembered. Default ~/.svd-hub/pushes'],
  ['HUB_ALLOW_PLAIN_HTTP', '1: send over http to another machine, inside a closed network only'],
];

/** Reads the settings that a dry run needs too. */
export function localSettings(environment: Environment): LocalSettings {
  const home = join(homedir(), '.svd-hub');
  return {
    keyFile: setting(environment, 'HUB_CONNECTOR_KEY_FILE') ?? join(home, 'connector.key'),
    stateDir: setting(environment, 'HUB_CONNECTOR_STATE_DIR') ?? join(home, 'pushes'),
  };
}
