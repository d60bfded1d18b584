// On every page: times in the reader's zone, the small buttons, whether the session still runs, and Esc closes what stands open over the page.
import { busy, enliven } from '../parts/buttons';
import { localise } from '../parts/clock';
import { listenToKeys } from '../parts/keys';
import { watchSession } from '../parts/session';

localise(document);
enliven(document);
listenToKeys();
watchSession();

/** What stands open over the page until somebody does something else. */
const standing = '.seal-line details[open], .account[open], .rename[open], .tile-menu[open]';

/** A question that was asked from there closes by itself, and leads back to it. */
const inDialog = (event: Event) => event.target instanceof Element && event.target.closest('dialog') !== null;

document.addEventListener('keydown', event => {
  if (event.key !== 'Escape' || inDialog(event)) return;
  for (const open of document.querySelectorAll<HTMLDetailsElement>(standing)) {
    const held = open.contains(document.activeElement);
    open.open = false;
    if (held) open.querySelector('summary')?.focus();
  }
});

document.addEventListener('click', event => {
  if (inDialog(event)) return;
  for (const open of document.querySelectorAll<HTMLDetailsElement>(standing)) {
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
