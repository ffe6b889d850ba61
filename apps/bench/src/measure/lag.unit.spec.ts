import { Lag } from './lag.ts';

describe('a lag', () => {
  it('is the longest wait of what was appended until it was seen covered', () => {
    const lag = new Lag();
    lag.appended(100, 1_000);
    lag.appended(200, 1_050);
    lag.covers(100, 1_080);
    expect(lag.greatest).toBe(80);
    lag.covers(200, 1_250);
    expect(lag.greatest).toBe(200);
    lag.appended(300, 2_000);
    lag.covers(300, 2_010);
    expect(lag.greatest).toBe(200);
  });

  it('counts what still waits', () => {
    const lag = new Lag();
    lag.appended(100, 0);
    lag.covers(99, 700);
    expect(lag.greatest).toBe(700);
    lag.covers(99, 900);
    expect(lag.greatest).toBe(900);
  });

  it('is none while nothing waits', () => {
    const lag = new Lag();
    lag.covers(0, 5_000);
    lag.appended(10, 6_000);
    lag.covers(10, 6_000);
    lag.covers(10, 9_000);
    expect(lag.greatest).toBe(0);
  });

  it('takes calls that were answered out of order as one', () => {
    const lag = new Lag();
    lag.appended(200, 10);
    lag.appended(100, 20);
    lag.covers(200, 30);
    lag.covers(200, 900);
    expect(lag.greatest).toBe(20);
  });
});
