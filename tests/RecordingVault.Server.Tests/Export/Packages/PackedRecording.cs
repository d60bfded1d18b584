using System.Buffers.Binary;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Export.Packages;

/// <summary>Recordings that can be packed, exports of them, and the job that builds them, run by hand.</summary>
internal static class PackedRecording
{
    /// <summary>A real WAV: it takes a mark, and no ffmpeg is needed for it.</summary>
    public static async Task<StoredRecording> PutAsync(TestTenant tenant, CancellationToken cancellationToken, int samples = 50_000)
    {
        var wave = Wave(samples);
        var recording = await StoredRecording.PutAsync(tenant.Vault, tenant, wave, (store, key) => StoredRecording.StoreAsync(store, key, wave, "audio/wav", cancellationToken), cancellationToken);
        return await recording.LaidOutAsync(cancellationToken);
    }

    /// <summary>Of a kind that takes a mark, and made so that none can be written into it.</summary>
    public static async Task<StoredRecording> PutUnmarkableAsync(TestTenant tenant, CancellationToken cancellationToken)
    {
        byte[] torn = [.. Wave(10_000).AsSpan(0, 15_000)];
        var recording = await StoredRecording.PutAsync(tenant.Vault, tenant, torn, (store, key) => StoredRecording.StoreAsync(store, key, torn, "audio/wav", cancellationToken), cancellationToken);
        return await recording.LaidOutAsync(cancellationToken);
    }

    public static async Task<HttpResponseMessage> AskAsync(HttpClient client, IEnumerable<Guid> recordings, string purpose, CancellationToken cancellationToken, string recipient = "Claire Martin") =>
        await client.PostAsJsonAsync("/api/v1/exports", new { recordings, purpose, recipient }, cancellationToken);

    /// <summary>Asks as somebody who may, and has it built.</summary>
    public static Task<Guid> MakeAsync(TestTenant tenant, CancellationToken cancellationToken, params Guid[] recordings) => MakeForAsync("share-external", tenant, cancellationToken, recordings);

    public static async Task<Guid> MakeForAsync(string purpose, TestTenant tenant, CancellationToken cancellationToken, params Guid[] recordings)
    {
        using var answer = await AskAsync(await tenant.ClientAsync(Role.Owner, cancellationToken), recordings, purpose, cancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, answer.StatusCode);
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetGuid();
        await UntilBuiltAsync(tenant, id, cancellationToken);
        return id;
    }

    /// <summary>The server's own worker builds it, or this does: only one of them gets it.</summary>
    public static async Task<JsonElement> UntilBuiltAsync(TestTenant tenant, Guid id, CancellationToken cancellationToken)
    {
        await using (var scope = tenant.Vault.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<TenantJobRunner<BuildExportJob>>().RunAsync(tenant.Id, id, cancellationToken);
        var client = await tenant.ClientAsync(Role.Owner, cancellationToken);
        for (var look = 0; look < 600; look++)
        {
            var export = await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}", cancellationToken);
            if (export.GetProperty("state").GetString() is not ("waiting" or "building"))
                return export;
            await Task.Delay(50, cancellationToken);
        }

        throw new TimeoutException("The export was not built within half a minute.");
    }

    private static byte[] Wave(int samples)
    {
        var wave = new byte[44 + (samples * 2)];
        "RIFF"u8.CopyTo(wave);
        BinaryPrimitives.WriteUInt32LittleEndian(wave.AsSpan(4), (uint)wave.Length - 8);
        "WAVEfmt "u8.CopyTo(wave.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(wave.AsSpan(16), 16);
        BinaryPrimitives.WriteUInt16LittleEndian(wave.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(wave.AsSpan(22), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(wave.AsSpan(24), 8_000);
        BinaryPrimitives.WriteUInt32LittleEndian(wave.AsSpan(28), 16_000);
        BinaryPrimitives.WriteUInt16LittleEndian(wave.AsSpan(32), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(wave.AsSpan(34), 16);
        "data"u8.CopyTo(wave.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(wave.AsSpan(40), (uint)samples * 2);
        for (var i = 44; i < wave.Length; i++)
            wave[i] = (byte)((i * 31) ^ (i >> 7));
        return wave;
    }
}
