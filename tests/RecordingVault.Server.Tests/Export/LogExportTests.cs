using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Export;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Tests.Export;

/// <summary>The log as a file.</summary>
public sealed class LogExportTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private const string Path = "/api/v1/audit/export";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_of_json_are_the_whole_log_oldest_first_and_end_with_the_export_itself()
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Ct, new { recipientName = "Anna Known" });
        var owner = await link.Recording.Tenant.ClientAsync(Role.Owner, Ct);

        using var answer = await owner.GetAsync(Path, Ct);

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        var lines = Lines(await answer.Content.ReadAsStringAsync(Ct));
        Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(line => line.GetProperty("number").GetInt32()));
        Assert.Equal("audit.exported", lines[^1].GetProperty("type").GetString());
        Assert.Equal("json", lines[^1].GetProperty("details").GetProperty("format").GetString());
        Assert.Contains(lines, line => line.GetProperty("details").TryGetProperty("recipient", out var recipient) && recipient.GetString() == "Anna Known");
    }

    [Fact]
    public async Task A_recipient_that_is_a_formula_reaches_no_spreadsheet_as_one()
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Ct, new { recipientName = "=HYPERLINK(\"http://evil.example\",\"Anna\")" });
        var owner = await link.Recording.Tenant.ClientAsync(Role.Owner, Ct);

        var rows = CsvReading.Rows((await owner.GetStringAsync(Path + "?format=csv&about=links", Ct)).TrimStart('\uFEFF'));

        var recipient = rows[0].ToList().IndexOf("recipient");
        Assert.Equal("'=HYPERLINK(\"http://evil.example\",\"Anna\")", Assert.Single(rows.Skip(1))[recipient]);
    }

    [Fact]
    public async Task A_log_of_many_parts_comes_whole()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        await FillAsync(tenant, 450);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        var lines = Lines(await owner.GetStringAsync(Path, Ct));

        Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(line => line.GetProperty("number").GetInt32()));
        Assert.True(lines.Count > 450);
    }

    [Fact]
    public async Task Who_loses_his_role_on_the_way_gets_no_further_part()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        await FillAsync(tenant, 450);
        var auditor = await tenant.AddAsync(Role.Auditor, Ct);
        var token = TokenText.Parse(await tenant.TokenAsync(auditor, Role.Auditor, Ct))!;
        await using var scope = tenant.Enter();
        var release = scope.ServiceProvider.GetRequiredService<LogRelease>();
        var begun = new LogPart(new MemberPass(auditor.Id, null, token.Id), new AuditFilter(), long.MaxValue);
        await using var parts = release.PartsAsync(begun, Ct).GetAsyncEnumerator(Ct);
        Assert.True(await parts.MoveNextAsync());

        await using (var other = tenant.Enter())
            await other.ServiceProvider.GetRequiredService<VaultDbContext>().ApiTokens.Where(row => row.Id == token.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.RevokedAt, vault.Clock.GetUtcNow()), Ct);

        await Assert.ThrowsAsync<LogReleaseOverException>(async () => await parts.MoveNextAsync());
    }

    [Fact]
    public async Task A_token_that_may_not_download_is_refused_and_the_log_says_so()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        await using var scope = tenant.Enter();
        var made = await scope.ServiceProvider.GetRequiredService<TokenMaking>().MakeAsync(new NewToken("viewer", tenant.Owner.Id, Role.Owner, 30) { Purposes = ["view"] }, Actor.System, Ct);
        using var client = vault.Vault.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made!.Value.Text.Show());

        using var answer = await client.GetAsync(Path, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("purpose-not-listed", await SharedLink.SlugAsync(answer, Ct));
        var told = (await tenant.EventsAsync(Ct)).First(line => line.GetProperty("type").GetString() == "audit.exported");
        Assert.Equal("refused", told.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task A_session_shows_its_password_again_first_and_comes_back_to_the_same_choice()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        using var fresh = await browser.PostFormAsync("/audit/export", [("format", "csv"), ("outcome", "refused")], Ct);
        Assert.Equal("text/csv", fresh.Content.Headers.ContentType!.MediaType);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        using var stale = await browser.PostFormAsync("/audit/export", [("format", "csv"), ("outcome", "refused")], Ct);
        using var api = await browser.GetAsync(Path, Ct);

        Assert.Equal("/signin/again?returnTo=" + Uri.EscapeDataString("/audit/export?outcome=refused"), stale.Headers.Location!.OriginalString);
        Assert.Equal("fresh-sign-in", await SharedLink.SlugAsync(api, Ct));
        Assert.Single(await tenant.EventTypesAsync(Ct), type => type == "audit.exported");
    }

    [Fact]
    public async Task Another_tenants_events_are_in_no_export_and_who_may_not_read_the_log_gets_none()
    {
        var mine = await TestTenant.CreateAsync(vault.Vault, Ct);
        var theirs = await SharedLink.MakeAsync(vault.Vault, Ct, new { recipientName = "Anna Known" });

        var text = await (await mine.ClientAsync(Role.Owner, Ct)).GetStringAsync($"{Path}?target={theirs.Id}", Ct);
        using var contributor = await (await mine.ClientAsync(Role.Contributor, Ct)).GetAsync(Path, Ct);

        Assert.Equal("", text);
        Assert.Equal(HttpStatusCode.Forbidden, contributor.StatusCode);
    }

    [Theory]
    [InlineData("format=xml", "format")]
    [InlineData("who=anna", "who")]
    public async Task A_word_that_is_none_is_refused_by_its_name_and_writes_nothing(string query, string field)
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var answer = await (await tenant.ClientAsync(Role.Owner, Ct)).GetAsync($"{Path}?{query}", Ct);

        Assert.Equal(StatusCodes.Status400BadRequest, (int)answer.StatusCode);
        Assert.Equal(field, (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString());
        Assert.DoesNotContain("audit.exported", await tenant.EventTypesAsync(Ct));
    }

    private static async Task FillAsync(TestTenant tenant, int count)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var audit = scope.ServiceProvider.GetRequiredService<AuditLog>();
        await using var transaction = await db.Database.BeginTransactionAsync(Ct);
        for (var number = 0; number < count; number++)
            await audit.AppendAsync(new AuditEntry("recording.changed", Actor.System, AuditTargetKind.Recording, Guid.NewGuid()), Ct);
        await db.SaveChangesAsync(Ct);
        await transaction.CommitAsync(Ct);
    }

    private static IReadOnlyList<JsonElement> Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.Clone())];
}
