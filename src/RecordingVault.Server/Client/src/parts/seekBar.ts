// Where it is and where to go: waveform, pictures and chapters on one axis, with a native range over them.
import { one } from './dom';
import { clock, type Player } from './player';

const bars = 200;
const waveHeight = 44;
const stripPictures = 8;
const svg = 'http://www.w3.org/2000/svg';

export class SeekBar {
  readonly #player: Player;
  readonly #track: HTMLElement;
  readonly #range: HTMLInputElement;
  readonly #chapters: { at: number; title: string }[];
  #sheet: HTMLImageElement | undefined;
  #played: SVGRectElement | undefined;
  #head: SVGRectElement | undefined;

  constructor(player: Player) {
    this.#player = player;
    this.#track = one(player.section, '.player-track');
    this.#range = one(this.#track, '.seek');
    this.#chapters = [...player.section.querySelectorAll<HTMLElement>('[data-chapter]')].map(part => ({ at: Number(part.dataset['chapter']), title: part.textContent ?? '' }));
    this.#range.addEventListener('input', () => player.go(Number(this.#range.value)));
    for (const name of ['pointermove', 'pointerdown'] as const) this.#range.addEventListener(name, event => this.#look(event));
    for (const name of ['pointerleave', 'pointercancel'] as const) this.#range.addEventListener(name, () => { this.#preview.hidden = true; });
    // A finger hides what it points at: what it leads to is shown while it is down.
    this.#range.addEventListener('pointerup', event => { if (event.pointerType !== 'mouse') this.#preview.hidden = true; });
    player.onClose(() => {
      this.#sheet = undefined;
      for (const canvas of this.#track.querySelectorAll('canvas')) canvas.width = 0;
      this.#track.querySelector('.waveform')?.remove();
    });
    void this.#drawWave(player.section.dataset['waveform']);
    void this.#loadSheet(player.section.dataset['thumbnails']);
  }

  /** Seconds. */
  get value(): number { return Number(this.#range.value); }

  draw(at: number): void {
    const whole = this.#player.duration;
    const width = (seconds: number) => String(whole > 0 ? Math.round((1000 * seconds) / whole) : 0);
    const loaded = this.#player.video.buffered;
    one(this.#track, '.track-line .played').setAttribute('width', width(at));
    one(this.#track, '.track-line .loaded').setAttribute('width', width(loaded.length > 0 ? loaded.end(loaded.length - 1) : 0));
    this.#played?.setAttribute('width', width(at));
    this.#head?.setAttribute('x', width(at));
    this.#range.disabled = this.#player.closed || whole <= 0;
    this.#range.max = String(Math.floor(whole));
    this.#range.value = String(Math.round(at));
    const chapter = this.#chapterAt(at);
    const spoken = this.#player.text('Spoken').replace('{now}', clock(at)).replace('{whole}', clock(whole));
    this.#range.setAttribute('aria-valuetext', chapter ? `${spoken}, ${chapter}` : spoken);
    one(this.#player.section, '.now').textContent = chapter;
  }

  get #preview(): HTMLElement { return one(this.#track, '.seek-preview'); }

  #chapterAt(at: number): string {
    return this.#chapters.findLast(chapter => chapter.at <= at)?.title ?? '';
  }

  /** What stands where the pointer is. */
  #look(event: PointerEvent): void {
    const whole = this.#player.duration;
    const place = this.#range.getBoundingClientRect();
    if (whole <= 0 || place.width === 0 || this.#player.closed) return;
    const at = whole * Math.min(1, Math.max(0, (event.clientX - place.left) / place.width));
    const preview = this.#preview;
    one(preview, 'b').textContent = clock(at);
    one(preview, 'span').textContent = this.#chapterAt(at);
    const canvas = one<HTMLCanvasElement>(preview, 'canvas');
    canvas.hidden = !this.#sheet;
    if (this.#sheet) {
      const { width, height } = this.#picture();
      if (canvas.width !== width) [canvas.width, canvas.height] = [width, height];
      this.#paint(canvas, at, 0, 0, width, height);
    }
    preview.hidden = false;
    const half = preview.offsetWidth / 2;
    const left = event.clientX - this.#track.getBoundingClientRect().left;
    // The object model is not what the policy forbids: that is style in the markup.
    preview.style.insetInlineStart = `${Math.min(Math.max(left, half + 4), this.#track.clientWidth - half - 4)}px`;
  }

  async #drawWave(source: string | undefined): Promise<void> {
    if (!source) return;
    const peaks = await fetch(source).then(async answer => answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined, () => undefined);
    if (!peaks || peaks.length === 0 || this.#player.closed) return;
    const wave = shape('svg', { class: 'waveform', viewBox: `0 0 1000 ${waveHeight}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
    const path = waveform(peaks);
    const clip = shape('clipPath', { id: 'wave-played' });
    this.#played = shape('rect', { width: '0', height: String(waveHeight) });
    this.#head = shape('rect', { class: 'head', width: '2', height: String(waveHeight) });
    clip.append(this.#played);
    wave.append(clip, shape('path', { class: 'ahead', d: path }), shape('path', { class: 'played', d: path, 'clip-path': 'url(#wave-played)' }), this.#head);
    one(this.#track, '.track-line').before(wave);
    this.#player.section.classList.add('has-waveform');
    this.draw(this.#player.at);
  }

  async #loadSheet(source: string | undefined): Promise<void> {
    if (!source) return;
    const sheet = new Image();
    sheet.src = source;
    if (!(await sheet.decode().then(() => true, () => false)) || this.#player.closed) return;
    this.#sheet = sheet;
    const strip = one<HTMLCanvasElement>(this.#track, 'canvas.filmstrip');
    const { width, height } = this.#picture();
    [strip.width, strip.height] = [stripPictures * width, height];
    for (let index = 0; index < stripPictures; index++) {
      this.#paint(strip, ((index + 0.5) / stripPictures) * this.#player.duration, index * width, 0, width - 2, height);
    }
    strip.hidden = false;
  }

  /** Of one picture in the sheet, in pixels. */
  #picture(): { width: number; height: number; columns: number; rows: number; step: number } {
    // As the sheet was laid out: what plays may be a little longer than the file that it was made of.
    const { columns = '1', rows = '1', step = '2' } = this.#player.section.dataset;
    const [across, down] = [Number(columns), Number(rows)];
    return { width: Math.floor(this.#sheet!.naturalWidth / across), height: Math.floor(this.#sheet!.naturalHeight / down), columns: across, rows: down, step: Number(step) };
  }

  #paint(canvas: HTMLCanvasElement, at: number, x: number, y: number, width: number, height: number): void {
    const picture = this.#picture();
    const index = Math.min(Math.floor(at / picture.step), picture.columns * picture.rows - 1);
    const [column, row] = [index % picture.columns, Math.floor(index / picture.columns)];
    canvas.getContext('2d')?.drawImage(this.#sheet!, column * picture.width, row * picture.height, picture.width, picture.height, x, y, width, height);
  }
}

function shape<Name extends keyof SVGElementTagNameMap>(name: Name, attributes: Record<string, string>): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(svg, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** Two hundred bars, each as high as the loudest tenth of a second in it; a quiet recording fills the height too. */
function waveform(peaks: Uint8Array): string {
  const loudest = Math.max(24, peaks.reduce((most, peak) => Math.max(most, peak), 0));
  let path = '';
  for (let bar = 0; bar < bars; bar++) {
    const part = peaks.subarray(Math.floor((bar * peaks.length) / bars), Math.max(Math.floor(((bar + 1) * peaks.length) / bars), Math.floor((bar * peaks.length) / bars) + 1));
    const peak = part.reduce((most, value) => Math.max(most, value), 0);
    const height = Math.max(2, (peak / loudest) * (waveHeight - 4));
    path += `M${bar * 5 + 1} ${((waveHeight - height) / 2).toFixed(1)}h3v${height.toFixed(1)}h-3z`;
  }
  return path;
}
