// The page of somebody who is asked for consent, and the one that thanks him: the film, how many questions are open, and the receipt on paper.
import { say } from '../parts/clock';
import { one } from '../parts/dom';
import { Player } from '../parts/player';

// Whoever opens the link again while it is open: the secret must not stay in the history.
if (location.hash) history.replaceState(null, '', location.pathname);

const page = document.querySelector<HTMLElement>('#consent');
const section = page?.querySelector<HTMLElement>('[data-player]');
if (page && section) listen(page, new Player(section));
const form = document.querySelector<HTMLFormElement>('#answer');
if (form) {
  count(form);
  form.addEventListener('change', () => count(form));
}
document.querySelector('[data-print]')?.addEventListener('click', () => print());

/** Says how many questions have no answer yet. */
function count(asked: HTMLFormElement): void {
  const open = [...asked.querySelectorAll('fieldset')].filter(use => !use.querySelector('input:checked')).length;
  const words = open === 0 ? asked.dataset['none'] : open === 1 ? asked.dataset['one'] : asked.dataset['several']?.replace('{n}', String(open));
  one(asked, '#left').textContent = words ?? '';
}

/** Hears why the film must stop, and takes it off the page. */
function listen(asked: HTMLElement, player: Player): void {
  const events = new EventSource(`${asked.dataset['root'] ?? ''}/events`);
  const end = () => {
    events.close();
    player.close(`${asked.dataset['stopped'] ?? ''} ${say(new Date(), 'clock')}`);
  };
  events.addEventListener('stopped', end);
  events.addEventListener('error', () => { if (events.readyState === EventSource.CLOSED) end(); });
  addEventListener('pagehide', () => events.close());
  addEventListener('pageshow', event => { if (event.persisted) location.reload(); });
}
