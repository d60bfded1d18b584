// The viewer of a link: plays, tells the owner what was played, goes dark when it is stopped, and says in time that it closes because nobody uses it.
import { say } from '../parts/clock';
import { meta, one } from '../parts/dom';
import { keepFresh, refresh } from '../parts/live';
import { Player } from '../parts/player';
import { isWaiting } from '../parts/preparing';
import { Stay } from '../parts/stay';

// Whoever opens the link again while it is open: the secret must not stay in the history.
if (location.hash) history.replaceState(null, '', location.pathname);

// Opened again in this tab it changes the address's end alone, and the browser loads nothing: where the page is closed the gate takes its place.
let isShut = false;
addEventListener('hashchange', () => {
  if (isShut) location.reload();
  else if (location.hash) history.replaceState(null, '', location.pathname);
});

const viewer = one<HTMLElement>(document, '#viewer');
const share = viewer.dataset['share']!;
const section = viewer.querySelector<HTMLElement>('[data-player]');
/** How the film is taken off the page, once one plays. */
let close: ((reason: string, at: Date) => void) | undefined;
const stay = new Stay(one(viewer, '#stay'), unused);
if (section) watch(new Player(section));
else keepFresh((id, part) => {
  // Not used for too long; or closed on this device, in another tab: what is here now is the gate.
  if (id === 'film' && !part && stay.isDue) unused(new Date());
  else if (id === 'film' && !part) location.reload();
  begin(part?.querySelector<HTMLElement>('[data-player]') ?? undefined);
});
viewer.querySelector('#leave')?.addEventListener('click', () => void leave());

/** What was waited for is here. The words are for whoever does not see the picture. */
function begin(here: HTMLElement | undefined): void {
  if (!here) return;
  const player = new Player(here);
  watch(player);
  void player.start().then(begun => {
    const says = one<HTMLElement>(document, '#film-says');
    says.textContent = says.dataset[begun ? 'begun' : 'here'] ?? '';
  });
  // The seals of what has come whole; those that somebody is reading stay.
  if (!document.querySelector('#seals details[open]')) void refresh('seals');
}

/** Nobody used it, so the link asks for its secret again: what is here goes off the screen, with the words why. */
function unused(at: Date): void {
  stay.stop();
  if (close) {
    close('idle', at);
    return;
  }
  const film = one<HTMLElement>(viewer, '#film');
  // Closed once: it is not fetched again, and says no later hour.
  if (!film.dataset['live']) return;
  delete film.dataset['live'];
  const said = document.createElement('p');
  said.className = 'promise';
  said.setAttribute('role', 'status');
  said.textContent = words('waited', at);
  film.replaceChildren(said);
  shut();
}

/** What the page says of an open link is no longer true. */
function shut(): void {
  isShut = true;
  document.querySelectorAll<HTMLElement>('[data-while-open]').forEach(part => { part.hidden = true; });
}

function watch(player: Player): void {
  report(player);
  listen(player);
}

/** What was played since the last report, every 10 seconds and at each stop. The first report says that watching has begun. */
function report(player: Player): void {
  const { video } = player;
  let begun = false;
  const send = (last = false) => {
    const ranges = player.takePlayed();
    if (!begun || (ranges.length === 0 && !last)) return;
    void fetch(`${share}/played`, {
      method: 'POST',
      keepalive: true,
      headers: { 'Content-Type': 'application/json', RequestVerificationToken: meta('vault-antiforgery') },
      body: JSON.stringify({
        ranges,
        ...(Number.isFinite(video.duration) && video.duration > 0 ? { duration: video.duration } : {}),
      }),
    }).catch(() => { /* A report may get lost; what was fetched is the server's own count. */ });
  };
  video.addEventListener('playing', () => {
    if (begun) return;
    begun = true;
    send(true);
  });
  for (const name of ['pause', 'ended'] as const) video.addEventListener(name, () => send());
  addEventListener('pagehide', () => send());
  setInterval(() => { if (player.playing) send(); }, 10_000);
}

/** Hears why it must stop. Where nobody answers for 5 seconds while it plays, it stops as well. */
function listen(player: Player): void {
  const events = new EventSource(`${share}/events`);
  let silence = 0;
  const answered = () => { clearTimeout(silence); silence = 0; };
  const end = (reason: string, at: Date) => {
    answered();
    events.close();
    // Nobody waited in vain without being told what becomes of it.
    player.close(words(reason === 'idle' && isWaiting(player) ? 'waited' : reason, at));
    // After a mere silence it may be open again.
    if (reason === 'lost') return;
    stay.stop();
    shut();
  };
  close = end;
  events.addEventListener('stopped', event => {
    const stopped = JSON.parse((event as MessageEvent<string>).data) as { reason: string; at: string };
    end(stopped.reason, new Date(stopped.at));
  });
  events.addEventListener('open', answered);
  events.addEventListener('error', () => {
    if (events.readyState === EventSource.CLOSED) end(stay.isDue ? 'idle' : 'other', new Date());
    // The browser tries again by itself, each time with an error: the first one counts.
    else if (silence === 0) silence = window.setTimeout(() => { if (player.loaded) end('lost', new Date()); }, 5000);
  });
  // Leaving the page is no loss of the vault.
  addEventListener('pagehide', () => { answered(); events.close(); });
  addEventListener('pageshow', event => { if (event.persisted) location.reload(); });
}

function words(reason: string, at: Date): string {
  const text = viewer.querySelector(`[data-reason="${CSS.escape(reason)}"]`) ?? one(viewer, '[data-reason=other]');
  return (text.textContent ?? '').replace('{who}', viewer.dataset['who'] ?? '').replace('{at}', say(at, 'clock'));
}

async function leave(): Promise<void> {
  await fetch(`${share}/leave`, { method: 'POST', headers: { RequestVerificationToken: meta('vault-antiforgery') } }).catch(() => undefined);
  location.replace(location.pathname);
}
