// The gate of an invitation: its secret goes out only when the person presses Open (security.md 9), and leaves the address and the history then.
import { one } from '../parts/dom';

const form = document.querySelector<HTMLFormElement>('#join');
if (form) {
  const link = one<HTMLInputElement>(form, 'input[name=link]');
  form.addEventListener('submit', event => {
    if (!link.value) link.value = location.hash.slice(1);
    if (link.value) {
      history.replaceState(null, '', location.pathname);
      return;
    }
    event.preventDefault();
    one<HTMLElement>(form, '[data-error]').hidden = false;
  });
}
