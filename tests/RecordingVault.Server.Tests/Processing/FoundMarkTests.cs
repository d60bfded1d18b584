using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>Marks that a file came in with: read through its sealed stream, kept, and never loosened by anybody.</summary>
public sealed class FoundMarkTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mark_in_a_sound_file_is_found_behind_megabytes_and_makes_the_use_stricter()
    {
        var wav = await MarkedAsync(Wav(1_500_001), UsageTag.NoGenaiTraining);
        var recording = await PutAsync(wav, "audio/wav");
        await AllowAsync(recording);

        var before = await TagAsync(recording);
        await RunAsync(recording);

        Assert.Equal(("no-tdm", "no-genai-training"), (before, await TagAsync(recording)));
        Assert.Contains((await OpenAsync(recording)), mark => mark is { Carrier: "XMP plus:DataMining" } && mark.Value.EndsWith("DMI-PROHIBITED-GENAIMLTRAINING", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Captions_with_a_note_count_and_a_file_without_a_mark_has_nothing_against_it()
    {
        var captions = await PutAsync(Encoding.UTF8.GetBytes(VttCarrier.Write("WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n", UsageTag.NoAiTraining)!), "text/vtt");
        var plain = await PutAsync(Wav(70_000), "audio/wav");
        await AllowAsync(captions);
        await AllowAsync(plain);

        await RunAsync(captions);
        await RunAsync(plain);

        Assert.Equal(("no-ai-training", "allowed"), (await TagAsync(captions), await TagAsync(plain)));
        Assert.Empty(await OpenAsync(plain));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_prohibits_and_a_second_run_changes_nothing()
    {
        var broken = await PutAsync([.. "RIFF"u8, 0xff, 0xff, 0xff, 0x7f, .. "WAVEdata"u8, 0xff, 0xff, 0xff, 0xff], "audio/wav");
        await AllowAsync(broken);

        await RunAsync(broken);
        await RunAsync(broken);

        Assert.Equal("no-tdm", await TagAsync(broken));
        Assert.Equal("unreadable", Assert.Single(await OpenAsync(broken)).Value);
    }

    [Fact]
    public async Task The_sweep_finds_what_was_not_read()
    {
        var recording = await PutAsync(Wav(1_000), "audio/wav");
        await using var scope = recording.Tenant.Enter();
        var due = MarksJob.Due(scope.ServiceProvider.GetRequiredService<VaultDbContext>()).Where(asset => asset.RecordingId == recording.Id);

        var before = await due.CountAsync(Ct);
        await RunAsync(recording);

        Assert.Equal((1, 0), (before, await due.CountAsync(Ct)));
    }

    private async Task<StoredRecording> PutAsync(byte[] content, string mediaType)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        return await StoredRecording.PutAsync(shared.Vault, tenant, content, (store, key) => StoredRecording.StoreAsync(store, key, content, mediaType, Ct), Ct);
    }

    private static async Task AllowAsync(StoredRecording recording)
    {
        await using var scope = recording.Tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await db.Tenants.ExecuteUpdateAsync(set => set.SetProperty(tenant => tenant.UsageTag, UsageTag.AllowedUse).SetProperty(tenant => tenant.UsesNeedingConsent, ""), Ct);
        await db.Recordings.ExecuteUpdateAsync(set => set.SetProperty(row => row.UsageTag, UsageTag.AllowedUse), Ct);
    }

    private static async Task RunAsync(StoredRecording recording)
    {
        await using var scope = recording.Tenant.Enter();
        await ActivatorUtilities.CreateInstance<MarksJob>(scope.ServiceProvider).RunAsync(recording.Id, Ct);
    }

    private static async Task<string?> TagAsync(StoredRecording recording)
    {
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Ct);
        using var answer = JsonDocument.Parse(await owner.GetStringAsync(new Uri(recording.Path, UriKind.Relative), Ct));
        return answer.RootElement.GetProperty("effectiveTag").GetString();
    }

    private static async Task<IReadOnlyList<FoundMark>> OpenAsync(StoredRecording recording)
    {
        await using var scope = recording.Tenant.Enter();
        var marks = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().AssetMarks.AsNoTracking().SingleAsync(Ct);
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(recording.Id, Ct);
        return marks.Open(key);
    }

    private static async Task<byte[]> MarkedAsync(byte[] wav, UsageTag tag)
    {
        var source = new MemorySource(wav);
        return await (await RiffCarrier.WriteAsync(source, new XmpMark(tag), Ct))!.ReadAllAsync(source, Ct);
    }

    /// <summary>A header of 44 bytes and silence.</summary>
    private static byte[] Wav(int samples)
    {
        var wav = new byte[44 + samples + (samples & 1)];
        "RIFF"u8.CopyTo(wav);
        BitConverter.TryWriteBytes(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BitConverter.TryWriteBytes(wav.AsSpan(16), 16);
        BitConverter.TryWriteBytes(wav.AsSpan(20), 0x0001_0001);
        BitConverter.TryWriteBytes(wav.AsSpan(24), 8_000);
        BitConverter.TryWriteBytes(wav.AsSpan(28), 8_000);
        BitConverter.TryWriteBytes(wav.AsSpan(32), 0x0008_0001);
        "data"u8.CopyTo(wav.AsSpan(36));
        BitConverter.TryWriteBytes(wav.AsSpan(40), samples);
        return wav;
    }
}
