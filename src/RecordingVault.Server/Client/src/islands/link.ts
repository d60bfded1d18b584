// Pages of links about an account: the secret stands behind the # and goes out only when a button is pressed (security.md 9); it leaves the address and the history then.
import { one } from '../parts/dom';

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-link]')) {
  const link = one<HTMLInputElement>(form, 'input[name=link]');
  form.addEventListener('submit', event => {
    if (!link.value) link.value = location.hash.slice(1);
    if (link.value) {
      history.replaceState(null, '', location.pathname);
      return;
    }
    event.preventDefault();
    one<HTMLElement>(document, '#no-link').hidden = false;
  });
}
