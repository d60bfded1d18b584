// On every page: times in the reader's zone, the small buttons, whether the session still runs, and Esc closes what stands open over the page.
import { busy, enliven } from '../parts/buttons';
import { localise } from '../parts/clock';
import { listenToKeys } from '../parts/keys';
import { watchSession } from '../parts/session';

localise(document);
enliven(document);
listenToKeys();
watchSession();

document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  for (const open of document.querySelectorAll<HTMLDetailsElement>('.seal-line details[open], .account[open], .rename[open]')) {
    const held = open.contains(document.activeElement);
    open.open = false;
    if (held) open.querySelector('summary')?.focus();
  }
});

document.addEventListener('click', event => {
  for (const open of document.querySelectorAll<HTMLDetailsElement>('.seal-line details[open], .account[open], .rename[open]')) {
    if (event.target instanceof Node && !open.contains(event.target)) open.open = false;
  }
});

// A form that goes to the server: its button says so, and a second click sends nothing.
document.addEventListener('submit', event => {
  if (event.defaultPrevented || !(event.submitter instanceof HTMLButtonElement)) return;
  const button = event.submitter;
  if (button.getAttribute('aria-busy') === 'true') {
    event.preventDefault();
    return;
  }
  if (!button.dataset['busy']) return;
  const back = busy(button, button.dataset['busy']);
  addEventListener('pageshow', back, { once: true });
});
