// The player: an island on native video. The film itself is not fetched before play is pressed.
import { Captions } from './captions';
import { one } from './dom';
import { tellPace } from './pace';
import { listenToPlayerKeys } from './playerKeys';
import { keepPosition } from './position';
import { preparingWords, waitUntilReady } from './preparing';
import { SeekBar } from './seekBar';
import { Transcript } from './transcript';

/** A film that breaks off within so many seconds of where it did before is damaged there. */
const samePlace = 2;

const speeds = [1, 1.25, 1.5, 2, 0.75];

export class Player {
  readonly section: HTMLElement;
  readonly video: HTMLVideoElement;
  readonly captions: Captions;
  /** Our own address of the film. */
  source: string;
  readonly #bar: SeekBar;
  readonly #closing: (() => void)[] = [];
  #duration: number;
  #closed = false;
  #loadingWords = 0;
  /** Where it is to begin, as long as nothing is loaded: a range knows whole seconds only, and none where the length is not known. */
  #placed: number | undefined;
  /** Where it stops by itself, in seconds: the end of what an address names. */
  #until = Infinity;
  /** Where the film broke off last, in seconds. */
  #brokeAt = -Infinity;
  #played: [number, number][] = [];

  constructor(section: HTMLElement) {
    this.section = section;
    this.video = one(section, 'video');
    this.source = section.dataset['src'] ?? '';
    this.#duration = Number(section.dataset['duration'] ?? '') || 0;
    this.#bar = new SeekBar(this);
    this.captions = new Captions(this);
    this.#listen();
    listenToPlayerKeys(this);
    if (section.dataset['position']) keepPosition(this, section.dataset['position']);
    if (section.dataset['pace']) tellPace(this, section.dataset['pace']);
    this.#land();
    addEventListener('hashchange', () => this.#land());
    const transcript = document.querySelector<HTMLElement>('[data-transcript]');
    if (transcript) new Transcript(transcript, this);
    this.#draw();
  }

  get playing(): boolean { return !this.video.paused && !this.video.ended; }
  get loaded(): boolean { return this.video.hasAttribute('src'); }
  get closed(): boolean { return this.#closed; }
  /** Seconds; 0 while it is not known. */
  get duration(): number { return this.#duration; }
  get at(): number { return this.loaded ? this.video.currentTime : this.#placed ?? this.#bar.value; }

  /** The stretches that were played since this was last asked, in seconds. What was played twice is told twice. */
  takePlayed(): [number, number][] {
    const taken = this.#played;
    const last = taken.at(-1);
    // Playing goes on: the next stretch begins where this one was cut.
    this.#played = last && this.playing ? [[last[1], last[1]]] : [];
    return taken.filter(([from, to]) => to > from).map(([from, to]) => [round(from), round(to)]);
  }

  #notePlayed(): void {
    const video = this.video;
    const last = this.#played.at(-1);
    const step = last ? video.currentTime - last[1] : Infinity;
    // A timeupdate comes about four times a second; a longer step is a jump.
    if (last && step >= 0 && step < 1.5 * Math.max(1, video.playbackRate)) last[1] = video.currentTime;
    else if (this.playing) this.#played.push([video.currentTime, video.currentTime]);
  }

  /** What else of the recording the page shows goes with the picture. */
  onClose(drop: () => void): void { this.#closing.push(drop); }

  /** The picture goes dark, nothing more is fetched, what is held is dropped, and the words say why. */
  close(words: string): void {
    this.#closed = true;
    this.video.pause();
    this.video.removeAttribute('src');
    this.video.load();
    if (document.fullscreenElement === this.section) void document.exitFullscreen();
    if (document.pictureInPictureElement === this.video) void document.exitPictureInPicture();
    this.section.querySelector('.player-poster')?.remove();
    for (const drop of this.#closing) drop();
    this.section.classList.add('closed');
    this.section.classList.remove('begun', 'ended');
    for (const control of this.section.querySelectorAll<HTMLButtonElement | HTMLInputElement | HTMLSelectElement>('button, input, select')) control.disabled = true;
    this.say(words);
  }

  text(name: string): string {
    return this.section.querySelector(`[data-text="${name}"]`)?.textContent ?? '';
  }

  say(words: string): void {
    one(this.section, '[data-words]').textContent = words;
  }

  /** For a film that was waited for. Where the browser lets nothing begin by itself, this says so. */
  async start(): Promise<boolean> {
    if (this.#closed) return false;
    if (!this.loaded) this.#begin();
    return this.video.play().then(() => true, () => false);
  }

  toggle(): void {
    if (this.#closed) return;
    if (!this.loaded) this.#begin();
    if (this.video.paused || this.video.ended) void this.video.play().catch(() => { /* The error event says why. */ });
    else this.video.pause();
  }

  /** An address that ends in #t=83.4 leads to that second, as from the results of a search; one that ends in #t=83.4,95 stops there the first time. */
  #land(): void {
    const [, at, until] = /^#t=(\d{1,6}(?:\.\d{1,3})?)(?:,(\d{1,6}(?:\.\d{1,3})?))?$/.exec(location.hash) ?? [];
    if (at === undefined) return;
    this.section.querySelector('.player-resume')?.remove();
    this.go(Number(at));
    this.#until = until === undefined ? Infinity : Number(until);
  }

  #stopThere(): void {
    if (this.video.currentTime < this.#until) return;
    this.#until = Infinity;
    this.video.pause();
  }

  jump(seconds: number): void { this.go(this.at + seconds); }

  go(to: number): void {
    if (this.#closed) return;
    // Whoever goes elsewhere wants to hear on.
    this.#until = Infinity;
    // While nothing says how long it is, the film itself will.
    const target = Math.min(Math.max(0, to), this.#duration || (this.loaded ? 0 : Infinity));
    if (this.loaded) this.video.currentTime = target;
    else this.#placed = target;
    this.#draw(target);
  }

  /** By steps of a quarter, between half and three times. */
  quicken(by: number): void { this.video.playbackRate = Math.min(3, Math.max(0.5, this.video.playbackRate + by)); }

  do(what: string | undefined): void {
    const video = this.video;
    if (what === 'play') {
      this.toggle();
      one<HTMLButtonElement>(this.section, '.player-bar .play').focus();
    } else if (what === 'again') {
      this.go(0);
      this.do('play');
    } else if (what === 'back') this.jump(-10);
    else if (what === 'captions') this.captions.toggle();
    else if (what === 'mute') video.muted = !video.muted;
    else if (what === 'speed') video.playbackRate = speeds[(speeds.indexOf(video.playbackRate) + 1) % speeds.length] ?? 1;
    else if (what === 'picture') void this.#float();
    else if (what === 'full') void this.#fill();
  }

  async #float(): Promise<void> {
    if (this.#closed) return;
    if (document.pictureInPictureElement) return document.exitPictureInPicture();
    if (!this.loaded) this.toggle();
    if (this.video.readyState < 1) await new Promise(ready => this.video.addEventListener('loadedmetadata', ready, { once: true }));
    await this.video.requestPictureInPicture().catch(() => { /* The person or the browser said no. */ });
  }

  async #fill(): Promise<void> {
    if (document.fullscreenElement) return document.exitFullscreen();
    // A phone that fills its screen with a film only, not with a part of a page.
    const phone = this.video as HTMLVideoElement & { webkitEnterFullscreen?: () => void };
    if (!this.section.requestFullscreen) return phone.webkitEnterFullscreen?.();
    await this.section.requestFullscreen();
    const turn = screen.orientation as ScreenOrientation & { lock?: (to: string) => Promise<void> };
    if (this.video.videoWidth > this.video.videoHeight) await turn.lock?.('landscape').catch(() => { /* Only phones turn. */ });
  }

  #begin(): void {
    this.section.classList.add('begun');
    this.video.src = this.source;
    this.video.preload = 'auto';
    const start = this.#placed ?? this.#bar.value;
    this.#placed = undefined;
    if (start > 0) this.video.addEventListener('loadedmetadata', () => { this.video.currentTime = start; }, { once: true });
  }

  #listen(): void {
    const video = this.video;
    for (const button of this.section.querySelectorAll<HTMLButtonElement>('[data-do]')) {
      button.addEventListener('click', () => this.do(button.dataset['do']));
    }
    const float = this.section.querySelector<HTMLElement>('[data-do=picture]');
    if (float) float.hidden = !document.pictureInPictureEnabled;
    for (const name of ['play', 'pause', 'ended', 'timeupdate', 'progress', 'volumechange', 'ratechange', 'seeking'] as const) {
      video.addEventListener(name, () => this.#draw());
    }
    video.addEventListener('timeupdate', () => {
      if (video.seeking) return;
      this.#notePlayed();
      this.#stopThere();
    });
    video.addEventListener('seeking', () => { if (this.#played.length > 0) this.#played.push([video.currentTime, video.currentTime]); });
    video.addEventListener('click', () => this.toggle());
    video.addEventListener('durationchange', () => {
      if (Number.isFinite(video.duration) && video.duration > 0) this.#duration = video.duration;
      this.#draw();
    });
    video.addEventListener('waiting', () => {
      clearTimeout(this.#loadingWords);
      this.#loadingWords = window.setTimeout(() => { if (!this.#closed) this.say(this.text('Loading')); }, 400);
    });
    for (const name of ['playing', 'pause', 'seeked'] as const) {
      video.addEventListener(name, () => { clearTimeout(this.#loadingWords); if (!this.#closed) this.say(''); });
    }
    video.addEventListener('error', () => void this.#failed());
  }

  async #failed(): Promise<void> {
    if (this.#closed || !this.loaded) return;
    const at = this.video.currentTime;
    // Browsers call a line that was cut a film that can't be decoded as well.
    const broke = this.video.error?.code === MediaError.MEDIA_ERR_DECODE || this.video.error?.code === MediaError.MEDIA_ERR_NETWORK;
    // The element does not tell what the server said.
    const status = await fetch(this.source, { method: 'HEAD' }).then(answer => answer.status, () => 0);
    if (this.#closed) return;
    if (broke && status === 200) {
      // What is damaged breaks off at the same place once more.
      if (Math.abs(at - this.#brokeAt) < samePlace) {
        this.say(this.text('Damaged'));
        return;
      }
      this.#brokeAt = at;
      this.#placed = at;
      this.#begin();
      void this.video.play().catch(() => { /* The error event says why. */ });
      return;
    }
    // What can't leave before a copy of it is made is answered with 503.
    const isBeingMade = (status === 200 || status === 503) && this.section.dataset['preparing'] !== undefined;
    this.say(isBeingMade ? preparingWords(this) : this.text(status === 0 ? 'Offline' : status === 409 ? 'NotReady' : status >= 400 ? 'Closed' : 'Unplayable'));
    if (isBeingMade) waitUntilReady(this);
    this.#placed = at > 0 ? at : undefined;
    this.video.removeAttribute('src');
    this.section.classList.remove('begun');
  }

  #draw(at = this.at): void {
    const video = this.video;
    const whole = this.#duration;
    this.#bar.draw(at);
    this.captions.draw();
    one(this.section, '[data-now]').textContent = clock(at);
    if (whole > 0) one(this.section, '[data-whole]').textContent = clock(whole);

    this.section.classList.toggle('playing', this.playing);
    this.section.classList.toggle('ended', video.ended);
    const play = one<HTMLButtonElement>(this.section, '.player-bar .play');
    const words = [play.dataset['label'] ??= play.getAttribute('aria-label') ?? '', play.dataset['other'] ?? ''];
    play.setAttribute('aria-label', words[this.playing ? 1 : 0] ?? '');
    one(this.section, '[data-do=mute]').setAttribute('aria-pressed', String(video.muted));
    const speed = one<HTMLButtonElement>(this.section, '.speed');
    const rate = video.playbackRate.toLocaleString(document.documentElement.lang);
    speed.textContent = `${rate}×`;
    speed.setAttribute('aria-label', (speed.dataset['label'] ?? '').replace('{rate}', rate));
  }
}

export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number) => String(part).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
