using System.Net;
using RecordingVault.Server.Features.Regrouping.Cutting;
using RecordingVault.Server.Tests.Fixture;
using static RecordingVault.Server.Tests.Regrouping.Cutting.CuttingVault;

namespace RecordingVault.Server.Tests.Regrouping.Cutting;

/// <summary>The page on which spans are marked and copies are asked for.</summary>
public sealed class CutPageTests(CuttingVault vault) : IClassFixture<CuttingVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1:02:03.25", 3_723.25)]
    [InlineData("12:40", 760.0)]
    [InlineData("95,5", 95.5)]
    [InlineData("1:75", null)]
    [InlineData("soon", null)]
    public void A_time_is_read_as_people_write_it(string text, double? seconds) => Assert.Equal(seconds, CutTimes.Read(text));

    [Fact]
    public async Task The_page_keeps_spans_begins_a_copy_and_says_how_long_it_took()
    {
        var (tenant, recording, people) = await vault.PutAsync();
        using var browser = new TestBrowser(vault.Vault);
        (await browser.SignInAsync(tenant.Owner, Ct)).Dispose();
        var path = $"/recordings/{recording.Id}/cut";

        using var wrong = await browser.PostFormAsync(path, [("from", "soon"), ("to", "2"), ("kind", "cut")], Ct, path);
        using var kept = await browser.PostFormAsync(path, [("from", "0:01"), ("to", "0:02"), ("kind", "mute"), ("from", ""), ("to", ""), ("kind", "cut")], Ct, path);
        var seen = (await MarkedAtAsync(tenant, recording.Id)).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        using var unsaid = await browser.PostFormAsync(path + "/copies", [("title", "Cut"), ("without", $"{people.People["Ben"]}"), ("confirmed", "yes"), ("changedAt", seen)], Ct, path);
        using var begun = await browser.PostFormAsync(path + "/copies", [("title", "Cut"), ("without", $"{people.People["Ben"]}"), ("reason", "He asked"), ("confirmed", "yes"), ("changedAt", seen)], Ct, path);
        var during = await (await browser.GetAsync(path, Ct)).Content.ReadAsStringAsync(Ct);
        var cut = await NewestAsync(tenant, recording.Id);
        await RunAsync(tenant, cut.GetProperty("id").GetGuid());
        var after = await (await browser.GetAsync(path, Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Equal((HttpStatusCode.BadRequest, path, HttpStatusCode.BadRequest, path), (wrong.StatusCode, kept.Headers.Location?.OriginalString, unsaid.StatusCode, begun.Headers.Location?.OriginalString));
        Assert.Contains("value=\"soon\"", await wrong.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains("Waiting to be made.", during, StringComparison.Ordinal);
        Assert.Contains($"href=\"/recordings/{cut.GetProperty("into").GetGuid()}\"", after, StringComparison.Ordinal);
        Assert.Contains("It took", after, StringComparison.Ordinal);
    }
}
