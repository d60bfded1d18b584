using Microsoft.Playwright;

namespace RecordingVault.EndToEnd.Tests.SigningIn;

/// <summary>A person without a mouse.</summary>
internal static class Keyboard
{
    private const int MostSteps = 80;

    /// <summary>Goes on by Tab until it stands there; what Tab does not reach can't be used.</summary>
    public static async Task TabToAsync(this IPage page, ILocator wanted)
    {
        await wanted.WaitForAsync();
        for (var i = 0; i < MostSteps; i++)
        {
            if (await wanted.EvaluateAsync<bool>("element => element === document.activeElement"))
                return;
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"{MostSteps} steps of Tab do not lead to {wanted}.");
    }

    public static async Task PressAsync(this IPage page, ILocator button)
    {
        await page.TabToAsync(button);
        await page.Keyboard.PressAsync("Enter");
    }

    public static async Task TypeAsync(this IPage page, ILocator field, string text)
    {
        await page.TabToAsync(field);
        await page.Keyboard.TypeAsync(text);
    }

    /// <returns>What the button opens in place of the system's picker.</returns>
    public static async Task<IFileChooser> ChooseAsync(this IPage page, ILocator button)
    {
        await page.TabToAsync(button);
        var chooser = page.WaitForFileChooserAsync();
        // A key overtakes the order to catch the picker on its way to the page's process, unless that process has answered something since.
        await page.EvaluateAsync("() => document.title");
        await page.Keyboard.PressAsync("Enter");
        return await chooser;
    }
}
