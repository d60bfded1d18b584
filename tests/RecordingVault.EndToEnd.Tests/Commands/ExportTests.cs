using System.Buffers.Binary;
using System.Diagnostics;
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
        // Restricted: it is watched by those who may open it, and leaves for nothing else.
        var other = await UploadAsync(machine, "three.flac", [.. "fLaC\0\0\0\"\u0010\0\u0010\0"u8, .. RandomNumberGenerator.GetBytes(30_000)]);
        using (var label = await vault.Server.Client.PutAsync(new Uri($"/api/v1/recordings/{other}/label", UriKind.Relative), new StringContent("""{"label":"restricted"}""", System.Text.Encoding.UTF8, "application/json"), Ct))
            label.EnsureSuccessStatusCode();

        var all = await machine.RunAsync(Ct, "export", "--all", "--recipient", "Marsh Coaching", "-o", "everything");
        var made = File.GetLastWriteTimeUtc(Package(first));
        await File.AppendAllTextAsync(Package(second), "x", Ct);
        var again = await machine.RunAsync(Ct, "export", "--all", "--recipient", "Marsh Coaching", "-o", "everything");

        Assert.True(all.Code == 9, all.Error);
        using var refused = JsonDocument.Parse(Assert.Single(await File.ReadAllLinesAsync(Path.Combine(machine.Folder, "everything", "refused.jsonl"), Ct)));
        Assert.Equal((other, JsonValueKind.String), (refused.RootElement.GetProperty("recording").GetString(), refused.RootElement.GetProperty("refused").ValueKind));
        Assert.Contains("1 packed, 1 were here already, 1 left out", again.Error, StringComparison.Ordinal);
        Assert.Equal(made, File.GetLastWriteTimeUtc(Package(first)));
        foreach (var id in new[] { first, second })
            Assert.Equal(0, (await machine.RunAsync(Ct, "verify", Package(id))).Code);

        string Package(string id) => Path.Combine(machine.Folder, "everything", $"{id}.zip");
    }

    [Fact]
    public async Task A_package_of_something_else_under_the_name_of_a_recording_is_fetched_anew()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        using var machine = vault.Machine();
        var first = await UploadAsync(machine, "one.wav", Wave(30_000));
        var second = await UploadAsync(machine, "two.wav", Wave(40_000));
        await machine.RunAsync(Ct, "export", "--all", "--recipient", "Marsh Coaching", "-o", "everything");
        var (one, two) = (Path.Combine(machine.Folder, "everything", $"{first}.zip"), Path.Combine(machine.Folder, "everything", $"{second}.zip"));
        File.Copy(one, two, overwrite: true);

        var again = await machine.RunAsync(Ct, "export", "--all", "--recipient", "Marsh Coaching", "-o", "everything");
        var other = await machine.RunAsync(Ct, "export", "--all", "--recipient", "Claire Martin", "-o", "everything");

        Assert.Contains("1 packed, 1 were here already, 0 left out", again.Error, StringComparison.Ordinal);
        Assert.Contains("2 packed, 0 were here already, 0 left out", other.Error, StringComparison.Ordinal);
        Assert.NotEqual(await File.ReadAllBytesAsync(one, Ct), await File.ReadAllBytesAsync(two, Ct));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task One_that_is_stopped_leaves_nothing_here_and_nothing_on_the_vault(string signal)
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        await using var line = new SlowRelay(vault.Server.Address, 200_000);
        using var machine = vault.Machine();
        using var far = vault.Machine(line.Address);
        var id = await UploadAsync(machine, "talk.wav", Wave(3_000_000));

        using var running = far.Start("export", id, "--recipient", "Claire Martin", "-o", "claire.zip");
        await UntilItComesAsync(far, running);
        using (var interrupt = Process.Start("kill", [$"-{signal}", $"{running.Id}"]))
            await interrupt.WaitForExitAsync(Ct);
        var run = await CommandLine.EndAsync(running, Ct);

        Assert.Equal(130, run.Code);
        Assert.Contains("was ended on the vault", run.Error, StringComparison.Ordinal);
        Assert.Equal("ended", Assert.Single(await ExportsAsync(vault)).GetProperty("state").GetString());
        Assert.Empty(Directory.GetFiles(far.Folder));
        Assert.Empty(Directory.GetFiles(far.ExportsFolder));
    }

    [Fact]
    public async Task Over_a_line_that_is_gone_the_next_run_goes_on_with_the_same_export()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        await using var line = new SlowRelay(vault.Server.Address, 4_000_000);
        using var machine = vault.Machine();
        using var far = vault.Machine(line.Address);
        var id = await UploadAsync(machine, "talk.wav", Wave(40_000_000));

        using var running = far.Start("export", id, "--recipient", "Claire Martin", "-o", "claire.zip");
        await UntilItComesAsync(far, running);
        await vault.Server.KillAsync();
        var broken = await CommandLine.EndAsync(running, Ct);
        var kept = Assert.Single(Directory.GetFiles(far.ExportsFolder));
        var left = await File.ReadAllTextAsync(kept, Ct);
        await vault.Server.StartAgainAsync(Ct);
        var again = await far.RunAsync(Ct, "export", id, "--recipient", "Claire Martin", "-o", "claire.zip");

        Assert.Equal(8, broken.Code);
        Assert.Contains($"Export {left} lies on the vault still", broken.Error, StringComparison.Ordinal);
        Assert.True(again.Code == 0, again.Error);
        Assert.Equal(left, Assert.Single(await ExportsAsync(vault)).GetProperty("id").GetString());
        Assert.Equal(0, (await far.RunAsync(Ct, "verify", "claire.zip")).Code);
        Assert.Empty(Directory.GetFiles(far.ExportsFolder));
    }

    /// <summary>Waits until some of the package has come and not all of it.</summary>
    private static async Task UntilItComesAsync(CommandLine machine, Process running)
    {
        while (!Directory.EnumerateFiles(machine.Folder, ".*.part").Any(part => new FileInfo(part).Length > 0))
        {
            if (running.HasExited) throw new InvalidOperationException((await CommandLine.EndAsync(running, Ct)).Error);
            await Task.Delay(20, Ct);
        }
    }

    private static async Task<List<JsonElement>> ExportsAsync(OwnedVault vault) =>
        [.. JsonDocument.Parse(await vault.Server.Client.GetStringAsync(new Uri("/api/v1/exports", UriKind.Relative), Ct)).RootElement.GetProperty("items").EnumerateArray()];

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
