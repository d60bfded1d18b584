// On every page: times in the reader's zone, and Esc closes what stands open over the page.
import { localise } from '../parts/clock';

localise(document);

document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  for (const open of document.querySelectorAll<HTMLDetailsElement>('.seal-line details[open], .account[open]')) {
    const held = open.contains(document.activeElement);
    open.open = false;
    if (held) open.querySelector('summary')?.focus();
  }
});

document.addEventListener('click', event => {
  for (const open of document.querySelectorAll<HTMLDetailsElement>('.seal-line details[open], .account[open]')) {
    if (event.target instanceof Node && !open.contains(event.target)) open.open = false;
  }
});
