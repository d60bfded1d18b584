// Tiles that are still arriving move on by themselves, and arrow keys go from tile to tile.
import { keepFresh } from '../parts/live';

keepFresh();

document.addEventListener('keydown', event => {
  const link = document.activeElement?.closest('.tile h3 a');
  if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = [...document.querySelectorAll<HTMLAnchorElement>('.tile h3 a')];
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
