// The page of the share form: what opens when the dialog can't.
import { ShareForm } from '../parts/share';

if (document.querySelector('form[data-share]')) new ShareForm(document);
addEventListener('beforeunload', event => {
  const link = document.querySelector<HTMLElement>('[data-made]:not([hidden])');
  if (link && !link.dataset['copiedOnce']) event.preventDefault();
});
document.addEventListener('click', event => {
  if (event.target instanceof Element && event.target.closest('[data-copy="made-link"], .share-made a')) {
    one(event.target).dataset['copiedOnce'] = 'yes';
  }
});

function one(target: Element): HTMLElement {
  return target.closest<HTMLElement>('[data-made]')!;
}
