const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** The same words as Amount.Bytes on the server. */
export function bytesText(length: number): string {
  let unit = 0;
  while (length >= 999.5 && unit < units.length - 1) {
    length /= 1000;
    unit++;
  }
  return `${unit === 0 || length >= 9.95 ? Math.round(length) : length.toFixed(1)} ${units[unit]}`;
}

/** Never 100 before the end, never 0 after the start. */
export function percentOf(done: number, whole: number): number {
  if (done <= 0 || whole <= 0) return 0;
  return done >= whole ? 100 : Math.min(99, Math.max(1, Math.floor((100 * done) / whole)));
}

export function leftText(seconds: number): string {
  if (seconds < 50) return 'less than a minute left';
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min left`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h left` : `${hours} h ${minutes % 60} min left`;
}

/** Bytes a second, as they really went out: the mean of the last seconds, recent ones count more. */
export class Speed {
  #rate: number | undefined;
  #bytes = 0;
  #since = 0;

  reset(): void {
    this.#rate = undefined;
    this.#since = 0;
  }

  seen(bytes: number, now = performance.now()): void {
    if (this.#since === 0 || bytes < this.#bytes) {
      this.#bytes = bytes;
      this.#since = now;
      return;
    }
    const seconds = (now - this.#since) / 1000;
    if (seconds < 1) return;
    const rate = (bytes - this.#bytes) / seconds;
    this.#rate = this.#rate === undefined ? rate : this.#rate + (rate - this.#rate) * Math.min(1, seconds / 5);
    this.#bytes = bytes;
    this.#since = now;
  }

  get perSecond(): number | undefined {
    return this.#rate;
  }
}
