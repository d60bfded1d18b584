using System.Net;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Consent;

/// <summary>Whoever looks at a recording hears that somebody has said something.</summary>
public sealed class ConsentEventsTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_heard_while_the_page_is_open_and_by_nobody_of_another_organisation()
    {
        var said = await Ledgered.MakeAsync(vault.Vault, Ct, "Ben");
        using var answer = await (await said.Tenant.ClientAsync(Role.Viewer, Ct)).GetAsync(said.Path + "/consents/events", HttpCompletionOption.ResponseHeadersRead, Ct);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Ct));

        var before = await NextAsync(lines);
        await said.SaidAsync("Ben", "share-external", "given", Ct);
        await vault.PassAsync(1, Ct);
        var after = await NextAsync(lines);
        await said.SaidAsync("Ben", "share-external", "withdrawn", Ct);
        await vault.PassAsync(1, Ct);
        var withdrawn = await NextAsync(lines);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(("1 0 0", "1 1 0", "1 2 1"), (before, after, withdrawn));
        var stranger = await (await TestTenant.CreateAsync(vault.Vault, Ct)).ClientAsync(Role.Owner, Ct);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(said.Path + "/consents/events", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await said.Tenant.ClientAsync(Role.Auditor, Ct)).GetAsync(said.Path + "/consents/events", Ct)).StatusCode);
    }

    /// <summary>How many people, records and open tasks the next event tells.</summary>
    private static async Task<string> NextAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync(Ct) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return string.Join(' ', JsonDocument.Parse(line[6..]).RootElement.EnumerateObject().Select(member => member.Value.GetInt32()));
        }

        return "";
    }
}
