using Microsoft.Playwright;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>Whether a page stands on a screen of 320 pixels, and with letters twice as large: without scrolling sideways, and with no words cut off, lying on each other or sticking together.</summary>
internal static class PageFit
{
    private const int Narrowest = 320;

    /// <summary>What browsers begin with, in pixels.</summary>
    private const int OwnSize = 16;

    /// <summary>What is wrong with the page as it stands, a line each. It has to be open already and keeps its state: an open dialog is looked at too.</summary>
    public static async Task<IReadOnlyList<string>> LookAsync(IPage page, string name)
    {
        var wrong = new List<string>();
        var letterSize = await page.Context.NewCDPSessionAsync(page);
        foreach (var (width, letters) in new[] { (Narrowest, 1), (1440, 2), (390, 2) })
        {
            await page.SetViewportSizeAsync(width, 900);
            // As the browser's own setting makes them: all that is measured in letters grows, the breaks of the layout with it.
            await letterSize.SendAsync("Page.setFontSizes", new() { ["fontSizes"] = new { standard = OwnSize * letters, @fixed = OwnSize * letters } });
            await page.WaitForFunctionAsync("size => parseFloat(getComputedStyle(document.documentElement).fontSize) === size", OwnSize * letters);
            var found = await page.EvaluateAsync<string[]>(Script);
            wrong.AddRange(found.Select(line => $"{name}, {width} px{(letters == 1 ? "" : ", letters twice as large")}: {line}"));
            if (found.Length > 0)
                await page.ScreenshotAsync(new() { Path = Path.Combine(Checkout.Folder, "artifacts", "screens", $"unfit-{name}-{width}.png"), FullPage = true });
        }

        await letterSize.SendAsync("Page.setFontSizes", new() { ["fontSizes"] = new { standard = OwnSize, @fixed = OwnSize } });
        await letterSize.DetachAsync();
        await page.SetViewportSizeAsync(1440, 900);
        return wrong;
    }

    /// <summary>
    /// Each run of words is a set of rectangles. Words that scroll on their own (chips, code) may be wider than their place; words that are there for
    /// screen readers only have no place; what is fixed to the screen lies on the page by intent.
    /// </summary>
    private const string Script = """
        () => {
          const wrong = [];
          const root = document.documentElement;
          if (root.scrollWidth > root.clientWidth) {
            const sticksOut = element => element.getBoundingClientRect().right > root.clientWidth + 1 && getComputedStyle(element).position !== 'fixed' && !scrolls(element);
            const widest = [...document.querySelectorAll('body *')].filter(element => sticksOut(element) && ![...element.children].some(sticksOut)).slice(0, 4);
            wrong.push(`${root.scrollWidth - root.clientWidth} px wider than the screen: ${widest.map(nameOf).join(', ')}`);
          }

          const dialog = document.querySelector('dialog[open]');
          const words = [];
          const walker = document.createTreeWalker(dialog ?? document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const node = walker.currentNode;
            const element = node.parentElement;
            if (!node.data.trim() || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
            if (element.closest('script, style, noscript, select, svg, canvas, .visually-hidden, .skip-link')) continue;
            const range = document.createRange();
            range.selectNodeContents(node);
            const clip = clipOf(element);
            const port = portOf(element);
            // A place of one pixel is how words for screen readers only are hidden.
            if (clip && clip.width <= 1.5) continue;
            for (const box of range.getClientRects()) {
              if (box.width < 2 || box.height < 2) continue;
              // Scrolled out of the part that it stands in: nobody sees it there.
              if (port && (box.bottom < port.top + box.height / 2 || box.top > port.bottom - box.height / 2)) continue;
              if (clip && (box.left < clip.left - 2 || box.right > clip.right + 2 || box.top < clip.top - box.height / 3 || box.bottom > clip.bottom + box.height / 3)) {
                wrong.push(`cut off: ${nameOf(element)}`);
                break;
              }
              words.push({ element, node, box });
            }
          }

          for (let i = 0; i < words.length; i++) {
            for (let k = i + 1; k < words.length; k++) {
              const a = words[i], b = words[k];
              if (a.node === b.node || isAbove(a.element) !== isAbove(b.element)) continue;
              const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
              const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
              // Lines of letters with tails touch by a hair.
              if (across > 2 && down > Math.min(a.box.height, b.box.height) / 3) wrong.push(`on each other: ${nameOf(a.element)} and ${nameOf(b.element)}`);
            }
          }

          for (const button of document.querySelectorAll('button, .button, .badge, .chip')) {
            if (button.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !button.closest('.visually-hidden') && button.scrollWidth > button.clientWidth + 2) wrong.push(`does not hold its words: ${nameOf(button)}`);
          }
          // A space that was lost on the way to the page: a link stands against the sentence before it or behind it.
          for (const link of document.querySelectorAll('main a, [role=alert] a')) {
            if (getComputedStyle(link).display !== 'inline' || !link.checkVisibility()) continue;
            const [before, behind] = [link.previousSibling, link.nextSibling].map(node => node?.nodeType === Node.TEXT_NODE ? node.data : '');
            if (/[\p{L}\p{N}.,;:!?]$/u.test(before) || /^[\p{L}\p{N}]/u.test(behind)) wrong.push(`stands against the words beside it: ${nameOf(link)}`);
          }

          return [...new Set(wrong)].slice(0, 12);

          function isAbove(element) {
            for (let at = element; at; at = at.parentElement) if (['fixed', 'sticky'].includes(getComputedStyle(at).position)) return true;
            return false;
          }

          function scrolls(element) {
            for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) if (/auto|scroll|hidden|clip/.test(getComputedStyle(at).overflowX)) return true;
            return false;
          }

          function portOf(element) {
            for (let at = element; at && at !== document.body; at = at.parentElement) if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at.getBoundingClientRect();
            return null;
          }

          function clipOf(element) {
            for (let at = element; at && at !== root; at = at.parentElement) {
              const style = getComputedStyle(at);
              if (style.position === 'fixed') return null;
              if (/auto|scroll/.test(style.overflowX + style.overflowY)) return null;
              if (/hidden|clip/.test(style.overflowX + style.overflowY)) return at.getBoundingClientRect();
            }
            return null;
          }

          function nameOf(element) {
            return `<${element.tagName.toLowerCase()}${element.id ? '#' + element.id : ''}${element.classList.length ? '.' + [...element.classList].join('.') : ''}> “${element.textContent.trim().replace(/\s+/g, ' ').slice(0, 40)}”`;
          }
        }
        """;
}
