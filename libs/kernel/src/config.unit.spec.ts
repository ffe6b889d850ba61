import { describeSettings, numberSetting, readConfig, textSetting } from './config.ts';

const settings = {
  port: numberSetting('HUB_PORT', 'where it listens', '3000', 0, 65_535),
  directory: textSetting('HUB_DATA_DIR', 'where its files are'),
};

describe('settings', () => {
  it('are read once, with their fallbacks', () => {
    expect(readConfig(settings, { HUB_DATA_DIR: '/data', HOME: '/x' })).toEqual({ port: 3000, directory: '/data' });
  });

  it.each([
    ['setting-unknown', 'HUB_PROT', { HUB_DATA_DIR: '/data', HUB_PROT: '1' }],
    ['setting-missing', 'HUB_DATA_DIR', {}],
    ['setting-invalid', 'HUB_PORT', { HUB_DATA_DIR: '/data', HUB_PORT: '70000' }],
    ['setting-invalid', 'HUB_PORT', { HUB_DATA_DIR: '/data', HUB_PORT: '3e3' }],
  ])('stop the start with %s %s', (code, field, env) => {
    expect(() => readConfig(settings, env)).toThrow(expect.objectContaining({ code, field }) as Error);
  });

  it('are described for --help', () => expect(describeSettings(settings)).toMatch(/HUB_DATA_DIR .*\(required\)/));
});
