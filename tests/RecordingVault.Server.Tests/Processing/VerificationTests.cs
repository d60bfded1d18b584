using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;

namespace RecordingVault.Server.Tests.Processing;

public sealed class VerificationTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));
    private TestVault vault = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => vault = await TestVault.StartAsync(
        builder => builder.Services.AddSingleton<TimeProvider>(clock), settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Scrub:BytesPerSecond"] = "1099511627776" });

    public async ValueTask DisposeAsync() => await vault.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(140)]
    [InlineData(-1)]
    [InlineData(100)]
    public async Task Damage_is_an_alarm_once_and_its_end_is_told(int offset)
    {
        var recording = await PutAsync();
        var file = recording.SegmentFile(1);
        var whole = await File.ReadAllBytesAsync(file, Ct);
        await VerifyAsync(recording);
        Assert.Null((await RowAsync(recording)).DamagedSince);

        await WriteAsync(file, Changed(whole, offset));
        clock.Advance(TimeSpan.FromDays(31));
        await VerifyAsync(recording);
        var damagedSince = (await RowAsync(recording)).DamagedSince;
        clock.Advance(TimeSpan.FromDays(1));
        await VerifyAsync(recording);
        var events = await recording.Tenant.EventTypesAsync(Ct);

        Assert.Equal(clock.GetUtcNow() - TimeSpan.FromDays(1), damagedSince);
        Assert.Single(events, "recording.damaged");
        await WriteAsync(file, whole);
        clock.Advance(TimeSpan.FromDays(1));
        await VerifyAsync(recording);
        Assert.Null((await RowAsync(recording)).DamagedSince);
        Assert.True(await recording.Tenant.HasEventAsync("recording.whole", recording.Id, Ct));
    }

    [Fact]
    public async Task A_missing_object_is_damage_too_and_the_page_says_what_to_do()
    {
        var recording = await PutAsync();
        File.Delete(recording.SegmentFile(2));

        await VerifyAsync(recording);

        Assert.True(await recording.Tenant.HasEventAsync("recording.damaged", recording.Id, Ct));
        using var browser = new TestBrowser(vault);
        (await browser.SignInAsync(recording.Tenant.Owner, Ct)).Dispose();
        Assert.Contains("Part of what is stored of this recording is damaged", await ReadAsync(browser, $"/recordings/{recording.Id}"), StringComparison.Ordinal);
        Assert.Contains("Part of it is damaged", await ReadAsync(browser, "/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_read_is_not_read_again_before_its_round_is_over()
    {
        var recording = await PutAsync();
        await VerifyAsync(recording);
        File.Delete(recording.SegmentFile(0));

        clock.Advance(TimeSpan.FromDays(29));
        await VerifyAsync(recording);
        Assert.Null((await RowAsync(recording)).DamagedSince);
        clock.Advance(TimeSpan.FromDays(1));
        await VerifyAsync(recording);

        Assert.NotNull((await RowAsync(recording)).DamagedSince);
    }

    private static byte[] Changed(byte[] whole, int offset)
    {
        if (offset < 0)
            return whole[..^1];
        var bytes = whole.ToArray();
        bytes[offset] ^= 1;
        return bytes;
    }

    private static async Task WriteAsync(string file, byte[] bytes)
    {
        File.Delete(file);
        await File.WriteAllBytesAsync(file, bytes, Ct);
    }

    private async Task<StoredRecording> PutAsync() => await StoredRecording.PutAsync(vault, await TestTenant.CreateAsync(vault, Ct), 500_000, Ct);

    private async Task<Server.Features.Recordings.Recording> RowAsync(StoredRecording recording) => (await new VaultView(vault, recording.Tenant.Id).RecordingAsync(recording.Id))!;

    private async Task VerifyAsync(StoredRecording recording)
    {
        await using var scope = vault.Services.GetRequiredService<SystemScope>().Enter(recording.Tenant.Id);
        await ActivatorUtilities.CreateInstance<VerifyRecordingJob>(scope.ServiceProvider).RunAsync(recording.Id, Ct);
    }

    private static async Task<string> ReadAsync(TestBrowser browser, string path)
    {
        using var page = await browser.GetAsync(path, Ct);
        return await page.Content.ReadAsStringAsync(Ct);
    }
}
