import { numberSetting, textSetting, type Config, type Setting } from '#kernel';

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
type Level = (typeof LEVELS)[number];

const level: Setting<Level> = {
  env: 'HUB_LOG_LEVEL',
  about: 'debug, info, warn, error or silent; the log is JSON on standard output',
  fallback: 'info',
  read: (text) => LEVELS.find((name) => name === text),
};

/** Every setting of the hub, as `npm start -- --help` lists them. */
export const SETTINGS = {
  port: numberSetting('HUB_PORT', 'port it listens on', '3000', 1, 65_535),
  host: textSetting('HUB_HOST', 'address it listens on', '127.0.0.1'),
  publicUrl: textSetting(
    'HUB_PUBLIC_URL',
    'where outsiders reach it, without a closing slash; made of host and port when empty',
    '',
  ),
  directory: textSetting('HUB_DATA_DIR', 'directory of its files: logs, trees, models, artefacts, keys', '.hub/data'),
  checkpoints: textSetting(
    'HUB_CHECKPOINT_DIR',
    'directory of the newest checkpoints, on another disk and outside the backup of HUB_DATA_DIR',
    '.hub/checkpoints',
  ),
  issuersFile: textSetting('HUB_ISSUERS_FILE', 'JSON file of trusted token issuers: [{issuer, jwksUri, agencies}]', ''),
  demoClientsFile: textSetting(
    'HUB_DEMO_OIDC_CLIENTS',
    'JSON file of wanted demo clients: runs an identity provider in-process; never outside a demo',
    '',
  ),
  logLevel: level,
};
/** Settings of the programs at an agency, which may share a shell with the hub's. */
export const OTHER_PROGRAMS = [
  'HUB_URL',
  'HUB_CLIENT_ID',
  'HUB_CLIENT_SECRET_FILE',
  'HUB_CONNECTOR_KEY_FILE',
  'HUB_CONNECTOR_STATE_DIR',
];
export type HubSettings = Config<typeof SETTINGS>;

export const publicUrlOf = ({ publicUrl, host, port }: HubSettings): string =>
  publicUrl === '' ? `http://${host}:${port}` : publicUrl;
