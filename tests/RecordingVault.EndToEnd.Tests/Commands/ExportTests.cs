using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests.Commands;

/// <summary>`vault export` against a running vault, and `vault verify` of what came, with the keys that it publishes.</summary>
public sealed class ExportTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_recording_is_fetched_as_a_package_that_verifies_by_the_vaults_own_keys()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        using var machine = vault.Machine();
        var id = await UploadAsync(machine, "talk.wav", Wave(60_000));

        var export = await machine.RunAsync(Ct, "export", id, "--recipient", "Claire Martin", "--purpose", "share-external", "-o", "claire.zip");
        machine.Write("keys.json", await vault.Server.Client.GetByteArrayAsync(new Uri("/.well-known/recording-vault-keys.json", UriKind.Relative), Ct));
        var verify = await machine.RunAsync(Ct, "verify", "claire.zip", "--keys", "keys.json", "--json");
        var again = await machine.RunAsync(Ct, "export", id, "--recipient", "Claire Martin", "-o", "claire.zip");
        var refused = await machine.RunAsync(Ct, "export", id, "--recipient", "A trainer", "--purpose", "ai-training", "-o", "trainer.zip");

        Assert.True(export.Code == 0, export.Error);
        Assert.Equal((0, "published"), (verify.Code, JsonDocument.Parse(verify.Out).RootElement.GetProperty("key").GetString()));
        Assert.Equal(2, again.Code);
        Assert.Equal(7, refused.Code);
        Assert.False(File.Exists(Path.Combine(machine.Folder, "trainer.zip")));
    }

    [Fact]
    public async Task All_is_fetched_recording_by_recording_goes_on_and_says_what_was_left_out()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        using var machine = vault.Machine();
        var first = await UploadAsync(machine, "one.wav", Wave(30_000));
        var second = await UploadAsync(machine, "two.wav", Wave(40_000));
        // Of a kind that no mark can be written into.
        var other = await UploadAsync(machine, "three.flac", [.. "fLaC\0\0\0\"\u0010\0\u0010\0"u8, .. RandomNumberGenerator.GetBytes(30_000)]);

        var all = await machine.RunAsync(Ct, "export", "--all", "--recipient", "Marsh Coaching", "-o", "everything");
        var made = File.GetLastWriteTimeUtc(Package(first));
        await File.AppendAllTextAsync(Package(second), "x", Ct);
        var again = await machine.RunAsync(Ct, "export", "--all", "--recipient", "Marsh Coaching", "-o", "everything");

        Assert.True(all.Code == 9, all.Error);
        Assert.Contains(other, await File.ReadAllTextAsync(Path.Combine(machine.Folder, "everything", "refused.jsonl"), Ct), StringComparison.Ordinal);
        Assert.Contains("1 packed, 1 were here already, 1 left out", again.Error, StringComparison.Ordinal);
        Assert.Equal(made, File.GetLastWriteTimeUtc(Package(first)));
        foreach (var id in new[] { first, second })
            Assert.Equal(0, (await machine.RunAsync(Ct, "verify", Package(id))).Code);

        string Package(string id) => Path.Combine(machine.Folder, "everything", $"{id}.zip");
    }

    private static async Task<string> UploadAsync(CommandLine machine, string name, byte[] content)
    {
        var upload = await machine.RunAsync(Ct, "upload", machine.Write(name, content), "--json");
        Assert.True(upload.Code == 0, upload.Error);
        return JsonDocument.Parse(upload.Lines[0]).RootElement.GetProperty("recording").GetString()!;
    }

    private static byte[] Wave(int length)
    {
        var wave = RandomNumberGenerator.GetBytes(44 + length);
        "RIFF"u8.CopyTo(wave);
        BinaryPrimitives.WriteInt32LittleEndian(wave.AsSpan(4), wave.Length - 8);
        "WAVEfmt "u8.CopyTo(wave.AsSpan(8));
        byte[] format = [16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0];
        format.CopyTo(wave, 16);
        "data"u8.CopyTo(wave.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wave.AsSpan(40), length);
        return wave;
    }
}
