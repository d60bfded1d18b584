using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Pages;

public sealed class MarkupTests(SharedVault shared)
{
    private const string Hostile = "<img src=x onerror=alert(1)>'\"";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_people_write_is_shown_as_text_and_never_becomes_markup()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct, $"House {Hostile}");
        using var owner = new TestBrowser(shared.Vault);
        await owner.SignInAsync(tenant.Owner, Ct);
        await owner.PostFormAsync("/settings/profile", [("name", $"Owner {Hostile}"), ("language", "en")], Ct);
        var script = await tenant.ClientAsync(Role.Owner, Ct);
        using var made = await script.PostAsJsonAsync("/api/v1/recordings", new { title = $"Title {Hostile}", participants = new[] { new { name = $"Person {Hostile}" } } }, Ct);
        made.EnsureSuccessStatusCode();
        var recording = (await made.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
        using var shareAnswer = await script.PostAsJsonAsync($"/api/v1/recordings/{recording}/shares", new { recipientName = $"Anna {Hostile}" }, Ct);
        shareAnswer.EnsureSuccessStatusCode();
        using var invited = await owner.SendJsonAsync(HttpMethod.Post, "/api/v1/members/invitations", new { email = $"{Guid.NewGuid():N}@example.com", name = $"Ida {Hostile}", role = "Viewer" }, Ct);
        invited.EnsureSuccessStatusCode();

        var shown = 0;
        foreach (var path in new[] { "/", $"/recordings/{recording}", $"/recordings/{recording}/edit", "/links", "/audit", "/settings/members", "/settings/organisation", "/settings/profile", $"/search?q={Uri.EscapeDataString(Hostile)}" })
        {
            var page = await (await owner.GetAsync(path, Ct)).Content.ReadAsStringAsync(Ct);
            Assert.DoesNotContain("<img src=x", page, StringComparison.OrdinalIgnoreCase);
            shown += page.Contains("&lt;img src=x onerror=alert(1)&gt;", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.True(shown >= 7, $"only {shown} pages showed what was written");
    }
}
