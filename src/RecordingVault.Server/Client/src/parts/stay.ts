import { busy } from './buttons';
import { say } from './clock';
import { meta, one } from './dom';

type Answer = { secondsLeft: number; canRenew: boolean };

/** How long it says that the page stays open. */
const kept = 10_000;

/** While it says that the page closes it looks so often whether that is still so: another tab, or playing, makes it later. */
const again = 5_000;

/**
 * Says in time that a page which nobody uses closes itself, or that its link ends, and offers to keep it open where that can be. Looking keeps nothing open.
 * The vault's clock decides; the page only counts on from what it was told.
 */
export class Stay {
  readonly #status: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #address: string;
  readonly #notice: number;
  #end: number;
  #timer = 0;
  #isOver = false;

  /** @param closed It was not used and is closed now. */
  constructor(private readonly part: HTMLElement, private readonly closed: (at: Date) => void) {
    this.#status = one(part, '[role=status]');
    this.#button = one(part, 'button');
    this.#address = part.dataset['address']!;
    this.#notice = Number(part.dataset['notice']) * 1000;
    this.#end = Date.now() + Number(part.dataset['left']) * 1000;
    this.#button.addEventListener('click', () => void this.#renew());
    // A machine that slept, a tab that was put away: their timers come late.
    document.addEventListener('visibilitychange', () => { if (!document.hidden && this.#isSoon) void this.#look(); });
    this.#plan();
  }

  /** The time that it said is over, whatever the vault was heard to say. */
  get isDue(): boolean { return Date.now() >= this.#end - 2_000; }

  /** Something else has closed the page, or this has: nothing more is said or asked. */
  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#hush();
  }

  get #isSoon(): boolean { return Date.now() >= this.#end - this.#notice; }

  #plan(): void {
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    const left = this.#end - Date.now();
    const wait = left > this.#notice ? left - this.#notice : left > 0 ? Math.min(again, left) : again;
    this.#timer = window.setTimeout(() => void this.#look(), Math.min(wait, 2 ** 31 - 1));
  }

  async #look(): Promise<void> {
    try {
      await this.#hear(await fetch(this.#address, { headers: { Accept: 'application/json', 'Vault-Unattended': '1' }, cache: 'no-store' }));
    } catch { /* Offline: what it says stays, and it asks again. */ }
    this.#plan();
  }

  async #hear(answer: Response): Promise<void> {
    if (this.#isOver) return;
    if (answer.status === 404) {
      this.stop();
      this.closed(new Date());
    } else if (answer.status === 410) {
      this.stop(); // Why it ended is said where it is played.
    } else if (answer.ok) {
      const { secondsLeft, canRenew } = await answer.json() as Answer;
      const end = Date.now() + secondsLeft * 1000;
      // The same end comes with the time that the answer took.
      if (Math.abs(end - this.#end) > 2000) this.#end = end;
      if (this.#isSoon) this.#tell(canRenew);
      else if (!this.#button.hidden) this.#hush();
    }
  }

  #tell(canRenew: boolean): void {
    this.#say(this.part.dataset[canRenew ? 'idle' : 'over'] ?? '');
    this.#button.hidden = !canRenew;
  }

  /** The same words are not said twice: they would be read out twice. */
  #say(words: string): void {
    const text = words.replace('{at}', say(new Date(this.#end), 'clock'));
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }

  #hush(): void {
    this.#status.textContent = '';
    this.#button.hidden = true;
  }

  async #renew(): Promise<void> {
    if (this.#button.getAttribute('aria-busy') === 'true') return;
    const back = busy(this.#button, undefined);
    try {
      const answer = await fetch(this.#address, { method: 'POST', headers: { Accept: 'application/json', RequestVerificationToken: meta('vault-antiforgery') } });
      await this.#hear(answer);
      if (answer.ok && !this.#isSoon) this.#keep();
      else if (!answer.ok && !this.#isOver) this.#say(this.part.dataset['failed'] ?? '');
    } catch {
      this.#say(this.part.dataset['failed'] ?? '');
    }
    back();
    this.#plan();
  }

  /** The pressed button goes: whoever had the focus on it stands on the words that took its place, until he moves on. */
  #keep(): void {
    this.#say(this.part.dataset['kept'] ?? '');
    this.#status.focus({ preventScroll: true });
    const leave = () => {
      if (document.activeElement === this.#status) this.#status.addEventListener('blur', leave, { once: true });
      else if (this.#button.hidden) this.#hush();
    };
    setTimeout(leave, kept);
  }
}
