// Tiles that are still arriving move on by themselves, arrow keys go from one to the next, x chooses and s shares it.
import { keepFresh } from '../parts/live';
import { askBeforeTrash } from '../parts/trash';

keepFresh();
askBeforeTrash();

// Days are meant in the reader's zone; an address says what was chosen and no more.
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-zoned]')) {
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
  field('zone').value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  form.addEventListener('submit', () => {
    const idle = [...form.elements].filter(one => one instanceof HTMLInputElement || one instanceof HTMLSelectElement)
      .filter(one => one.value === '' || (one.name === 'zone' && !field('from').value && !field('to').value));
    for (const one of idle) one.disabled = true;
    addEventListener('pageshow', () => { for (const one of idle) one.disabled = false; }, { once: true });
  });
}

// How many are chosen; x chooses the tile or line that has the focus, s shares it.
const said = document.querySelector('[data-chosen]');
const boxes = () => [...document.querySelectorAll<HTMLInputElement>('.pick input')];
const count = () => {
  const chosen = boxes().filter(box => box.checked).length;
  if (said) said.textContent = chosen === 1 ? '1 recording:' : `${chosen} recordings:`;
};
document.addEventListener('change', event => { if (event.target instanceof Element && event.target.closest('.pick')) count(); });
document.addEventListener('reset', () => setTimeout(count));
document.addEventListener('keydown', event => {
  if ((event.key !== 'x' && event.key !== 's') || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem('rv-single-keys') === 'off') return;
  const box = document.activeElement?.closest('.tile, .library-list tr')?.querySelector<HTMLInputElement>('.pick input');
  if (!box || document.activeElement === box) return;
  if (event.key === 's') {
    location.assign(`/recordings/${box.value}/share`);
    return;
  }
  box.checked = !box.checked;
  box.dispatchEvent(new Event('change', { bubbles: true }));
});

document.addEventListener('keydown', event => {
  const link = document.activeElement?.closest('.tile h3 a, .library-list .row-link');
  if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = [...document.querySelectorAll<HTMLAnchorElement>('.tile h3 a, .library-list .row-link')];
  const at = links.indexOf(link as HTMLAnchorElement);
  const wanted = neighbour(links, at, event.key);
  if (!wanted) return;
  event.preventDefault();
  wanted.focus();
});

function neighbour(links: HTMLAnchorElement[], at: number, key: string): HTMLAnchorElement | undefined {
  if (key === 'ArrowRight') return links[at + 1];
  if (key === 'ArrowLeft') return links[at - 1];
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return undefined;
  const here = links[at]!.getBoundingClientRect();
  const down = key === 'ArrowDown';
  const rows = links.map(link => ({ link, box: link.getBoundingClientRect() }))
    .filter(({ box }) => (down ? box.top > here.top + 40 : box.top < here.top - 40))
    .sort((one, two) => (down ? one.box.top - two.box.top : two.box.top - one.box.top));
  const top = rows[0]?.box.top;
  return rows.filter(({ box }) => Math.abs(box.top - (top ?? 0)) < 40)
    .sort((one, two) => Math.abs(one.box.left - here.left) - Math.abs(two.box.left - here.left))[0]?.link;
}
