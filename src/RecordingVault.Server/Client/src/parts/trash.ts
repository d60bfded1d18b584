import { confirmed } from './confirm';

/** Asks before a recording goes to the trash, also from parts of the page that come later. */
export function askBeforeTrash(): void {
  document.addEventListener('submit', event => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset['trash'] === undefined) return;
    event.preventDefault();
    const why = 'Its links stop at once. It can be taken out of the trash for 30 days.';
    void confirmed(`Move “${form.dataset['trash']}” to the trash?`, 'Move to the trash', why).then(yes => { if (yes) form.submit(); });
  });
}
