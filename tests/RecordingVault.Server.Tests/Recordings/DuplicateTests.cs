using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Recordings;

public sealed class DuplicateTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_file_twice_is_told_on_the_later_one_until_both_are_wanted()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(300_000);
        var first = await UploadAsync(tus, bytes);
        var other = await UploadAsync(tus, Footage.Make(300_001));
        var second = await UploadAsync(tus, bytes);
        await DigestedAsync(tenant, 3);

        Assert.Equal(first, await DuplicateOfAsync(tus, second));
        Assert.Null(await DuplicateOfAsync(tus, first));
        Assert.Null(await DuplicateOfAsync(tus, other));
        using var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(tenant.Owner, Ct)).Dispose();
        Assert.Contains("The same file as", await ReadAsync(browser, "/"), StringComparison.Ordinal);
        var page = await ReadAsync(browser, $"/recordings/{second}");
        Assert.Contains("Keep both", page, StringComparison.Ordinal);
        Assert.Contains("Delete this one", page, StringComparison.Ordinal);

        using var kept = await browser.PostFormAsync($"/recordings/{second}/keep-both", [], Ct, $"/recordings/{second}");
        Assert.Equal($"/recordings/{second}", kept.Headers.Location?.OriginalString);
        Assert.Null(await DuplicateOfAsync(tus, second));
        Assert.True(await tenant.HasEventAsync("recording.kept-both", second, Ct));
        Assert.DoesNotContain("The same file as", await ReadAsync(browser, "/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_the_earlier_one_is_in_the_trash_the_later_one_is_no_copy_any_more()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(200_000);
        var (first, second) = (await UploadAsync(tus, bytes), await UploadAsync(tus, bytes));
        await DigestedAsync(tenant, 2);
        Assert.Equal(first, await DuplicateOfAsync(tus, second));

        await tus.Http.DeleteAsync($"/api/v1/recordings/{first}", Ct);

        Assert.Null(await DuplicateOfAsync(tus, second));
    }

    [Fact]
    public async Task Another_tenants_copy_is_not_seen_and_its_digest_is_another_one()
    {
        var bytes = Footage.Make(200_000);
        var keys = new List<byte[]>();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
            var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
            var recording = await UploadAsync(tus, bytes);
            await DigestedAsync(tenant, 1);
            Assert.Null(await DuplicateOfAsync(tus, recording));
            keys.Add(await new VaultView(shared.Vault, tenant.Id).RowsAsync(db => db.RecordingAssets.Where(asset => asset.Role == ObjectRole.OriginalSegment).Select(asset => asset.ContentKey!).SingleAsync(Ct)));
        }

        Assert.All(keys, key => Assert.Equal(16, key.Length));
        Assert.NotEqual(keys[0], keys[1]);
    }

    private static async Task<Guid> UploadAsync(TusClient tus, byte[] bytes)
    {
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);
        await tus.AppendAsync(address, 0, bytes, Ct);
        return recording;
    }

    private async Task DigestedAsync(TestTenant tenant, int count)
    {
        var view = new VaultView(shared.Vault, tenant.Id);
        while (await view.RowsAsync(db => db.RecordingAssets.CountAsync(asset => asset.ContentKey != null, Ct)) < count)
            await Task.Delay(20, Ct);
    }

    private static async Task<Guid?> DuplicateOfAsync(TusClient tus, Guid recording) =>
        (await tus.Http.GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{recording}", Ct)).GetProperty("duplicateOf") is { ValueKind: JsonValueKind.String } id ? id.GetGuid() : null;

    private static async Task<string> ReadAsync(TestBrowser browser, string path)
    {
        using var page = await browser.GetAsync(path, Ct);
        return await page.Content.ReadAsStringAsync(Ct);
    }
}
