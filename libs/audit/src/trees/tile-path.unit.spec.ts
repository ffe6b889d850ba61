import { parseTilePath } from './tile-path.ts';

describe('the path of a tile', () => {
  it.each([
    ['0/000', { level: 0, no: 0, width: 256 }],
    ['0/067', { level: 0, no: 67, width: 256 }],
    ['1/x001/234', { level: 1, no: 1_234, width: 256 }],
    ['0/x001/x234/067', { level: 0, no: 1_234_067, width: 256 }],
    ['6/001.p/1', { level: 6, no: 1, width: 1 }],
    ['0/x001/x234/067.p/255', { level: 0, no: 1_234_067, width: 255 }],
  ])('%s', (path, tile) => expect(parseTilePath(path)).toEqual(tile));

  it.each([
    '',
    '0',
    '0/',
    '0/0',
    '0/0000',
    '7/000',
    '-1/000',
    '0/x000/001',
    '0/001/234',
    '0/x1/234',
    '0/000.p/0',
    '0/000.p/256',
    '0/000.p/300',
    '0/000.p/01',
    '0/000.p',
    '0/000/',
    ' 0/000',
    '0/x999/x999/x999/x999/x999/999',
  ])('is not %j', (path) => expect(parseTilePath(path)).toBeUndefined());
});
