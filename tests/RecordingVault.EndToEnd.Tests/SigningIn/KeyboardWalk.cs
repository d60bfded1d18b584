using Microsoft.Playwright;

namespace RecordingVault.EndToEnd.Tests.SigningIn;

/// <summary>Goes through a whole page by Tab and tells what it does not come to, and where nothing shows that one stands there.</summary>
internal static class KeyboardWalk
{
    /// <summary>A line for each element that Tab does not reach, then one for each that looks the same with the keyboard on it as without.</summary>
    public static async Task<IReadOnlyList<string>> WalkAsync(IPage page)
    {
        var count = await page.EvaluateAsync<int>(Mark);
        Assert.True(count > 0, $"Nothing can be used on {page.Url}.");
        await page.EvaluateAsync("() => document.activeElement?.blur()");
        // Some turns more than there are: the browser's own bars lie between the last and the first.
        for (var i = 0; i < count + 3; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            await page.EvaluateAsync("() => { const at = document.activeElement; if (at?.walk) { at.walk.reached = true; at.walk.shows ||= at.walk.look() !== at.walk.before; } }");
        }

        return await page.EvaluateAsync<string[]>("""
            () => [...globalThis.walked.filter(element => !element.walk.reached).map(element => `not reached: ${element.walk.name}`),
                   ...globalThis.walked.filter(element => element.walk.reached && !element.walk.shows).map(element => `does not show itself: ${element.walk.name}`)]
            """);
    }

    /// <summary>
    /// Of a group of radio buttons Tab comes to the chosen one, or to the first of none; arrows do the rest. A box that is hidden under its label shows itself by the label.
    /// </summary>
    private const string Mark = """
        () => {
          for (const part of document.querySelectorAll('main details')) part.open = true;
          // A change under way has looks of its own.
          const still = new CSSStyleSheet();
          still.replaceSync('* { transition: none !important; animation: none !important; }');
          document.adoptedStyleSheets.push(still);
          const groups = new Map();
          for (const radio of document.querySelectorAll('input[type=radio]')) {
            const key = (radio.form?.action ?? '') + ' ' + radio.name;
            if (!groups.has(key) || radio.checked) groups.set(key, radio);
          }
          const usable = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"], [contenteditable]';
          globalThis.walked = [...document.querySelectorAll(usable)].filter(element =>
            !element.disabled && element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert]') && (element.type !== 'radio' || [...groups.values()].includes(element)));
          for (const element of globalThis.walked) {
            const shown = [element, ...(element.labels ?? []), element.parentElement];
            const look = () => shown.map(part => { const s = getComputedStyle(part); return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor].join(' '); }).join('|');
            element.walk = { reached: false, shows: false, look, name: `<${element.tagName.toLowerCase()}${element.id ? '#' + element.id : ''}> “${(element.getAttribute('aria-label') ?? element.textContent).trim().replace(/\s+/g, ' ').slice(0, 40)}”` };
          }
          document.activeElement?.blur();
          for (const element of globalThis.walked) element.walk.before = element.walk.look();
          return globalThis.walked.length;
        }
        """;
}
