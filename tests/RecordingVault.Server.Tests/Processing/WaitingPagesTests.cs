using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>What pages say of a film while it waits, while it is made, and where nothing is made at all.</summary>
public sealed class WaitingPagesTests
{
    private const string Waiting = "Waiting to be made ready for every browser.";

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_film_that_nobody_has_begun_is_waited_for()
    {
        await using var vault = await StartAsync("bubblewrap");
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var id = await PutAsync(vault, tenant);

        var page = await PageAsync(vault, tenant, id);

        Assert.Contains(Waiting, page, StringComparison.Ordinal);
        Assert.Contains($"data-making=\"/api/v1/recordings/{id}/processing/events\"", page, StringComparison.Ordinal);
        Assert.Contains("data-preparing", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_is_made_nothing_is_waited_for()
    {
        await using var vault = await StartAsync("off");
        var tenant = await TestTenant.CreateAsync(vault, Ct);

        var page = await PageAsync(vault, tenant, await PutAsync(vault, tenant));

        Assert.DoesNotContain("id=\"making\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("data-preparing", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 10, null)]
    [InlineData(22, 10, null)]
    [InlineData(40, 10, 30)]
    [InlineData(99, 10, 1)]
    [InlineData(60, 0, null)]
    public async Task How_long_it_takes_is_said_by_how_long_its_first_part_took(int percent, int minutes, int? left)
    {
        await using var vault = await StartAsync("bubblewrap");
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var id = await PutAsync(vault, tenant);
        await using (var scope = tenant.Enter())
        {
            var rows = scope.ServiceProvider.GetRequiredService<ProcessingRows>();
            var asset = await rows.Due(MakingStage.Small).SingleAsync(asset => asset.RecordingId == id, Ct);
            await rows.HandOverAsync((await rows.ClaimAsync(asset, MakingStage.Small, Ct))!, Ct);
            await rows.ProgressAsync((await rows.ClaimAsync(asset, MakingStage.Rendition, Ct))!, percent, Ct);
        }

        clock.Advance(TimeSpan.FromMinutes(minutes));

        var told = (await (await tenant.ClientAsync(Role.Viewer, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}", Ct)).GetProperty("processing");
        Assert.Equal(left, told.GetProperty("minutesLeft") is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : null);
        var page = await PageAsync(vault, tenant, id);
        Assert.Contains("Being made ready for every browser. You can watch and share it meanwhile.", page, StringComparison.Ordinal);
        var said = left switch { null => null, 1 => "meanwhile. Ready in about a minute.</p>", _ => $"meanwhile. Ready in about {left} minutes.</p>" };
        if (said is null)
            Assert.DoesNotContain("meanwhile. Ready in", page, StringComparison.Ordinal);
        else
            Assert.Contains(said, page, StringComparison.Ordinal);
    }

    /// <summary>Without a worker: nobody does anything of it.</summary>
    private Task<TestVault> StartAsync(string sandbox) => TestVault.StartAsync(
        builder => builder.Services.AddSingleton<TimeProvider>(clock),
        settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Processing:Sandbox"] = sandbox, ["Vault:Roles"] = "web" });

    private static async Task<string> PageAsync(TestVault vault, TestTenant tenant, Guid id)
    {
        using var browser = new TestBrowser(vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        return await (await browser.GetAsync($"/recordings/{id}", Ct)).Content.ReadAsStringAsync(Ct);
    }

    private static async Task<Guid> PutAsync(TestVault vault, TestTenant tenant)
    {
        var content = Footage.Make(50_000);
        return (await StoredRecording.PutAsync(vault, tenant, content, (store, key) => StoredRecording.StoreAsync(store, key, content, "video/mp4", Ct), Ct)).Id;
    }
}
