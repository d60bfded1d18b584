using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests.SigningIn;

/// <summary>One server for all tests of signing in, set up by its owner.</summary>
public sealed class SettledVault(Browser browser) : IAsyncLifetime
{
    private ServerProcess? server;

    internal ServerProcess Server => server ?? throw new InvalidOperationException("The server has not started.");

    public async ValueTask InitializeAsync()
    {
        server = await ServerProcess.StartAsync([], CancellationToken.None);
        await using var helen = await new Story(browser, server).SetUpAsync(Screen.Desktop, ColorScheme.Light, CancellationToken.None);
    }

    /// <summary>Another machine of the owner, signed in by password.</summary>
    internal async Task<VisitorPage> SignInAsync(Screen screen = Screen.Desktop, ColorScheme theme = ColorScheme.Light)
    {
        var visitor = await browser.VisitAsync(Server.Address, screen, theme);
        await visitor.Page.GotoAsync("/signin");
        await visitor.Page.FillAsync("#email", Story.Mail);
        await visitor.Page.FillAsync("#password", Story.Password);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await visitor.Page.ArriveAsync("**/");
        return visitor;
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
