using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests.Commands;

/// <summary>Packages of a running vault, taken apart: readers that others wrote say of each film and sound what its marks say, and that nothing of it was changed.</summary>
public sealed class SignedPackageTests(MeetingFiles files)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Film_and_sounds_are_valid_trusted_by_the_published_root_and_invalid_after_any_change()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        using var machine = vault.Machine();
        using var readers = await MarkReaders.InstallAsync(Ct);
        var film = Path.Combine(machine.Folder, "film.mp4");
        File.Copy(await files.ShortAsync(Ct), film);
        await readers.MakeAsync(Path.Combine(machine.Folder, "sound.mp3"), Ct, "-i", film, "-vn");
        await readers.MakeAsync(Path.Combine(machine.Folder, "sound.wav"), Ct, "-i", film, "-vn");
        (string Name, string MediaType, string Ending)[] sent = [("film.mp4", "video/mp4", ".mp4"), ("sound.mp3", "audio/mpeg", ".mp3"), ("sound.wav", "audio/wav", ".wav")];
        List<string> ids = [];
        foreach (var (name, _, _) in sent)
            ids.Add(await UploadAsync(machine, name));

        foreach (var ((name, mediaType, ending), id) in sent.Zip(ids))
        {
            var export = await machine.RunAsync(Ct, "export", id, "--recipient", "Claire Martin", "-o", $"{name}.zip");
            Assert.True(export.Code == 0, export.Error);
            var published = await vault.Server.Client.GetByteArrayAsync(new Uri("/.well-known/recording-vault-keys.json", UriKind.Relative), Ct);
            Assert.Equal(0, (await machine.RunAsync(Ct, "verify", $"{name}.zip", "--keys", machine.Write("keys.json", published))).Code);
            var path = Extract(machine, name, ending);
            var roots = Roots(machine, published);

            var plain = await readers.VerifyAsync(path, mediaType, null, Ct);
            Assert.Equal(("Valid", "Trusted"), (State(plain), State(await readers.VerifyAsync(path, mediaType, roots, Ct))));
            Assert.Equal("notAllowed", Entries(plain).GetProperty("cawg.ai_generative_training").GetProperty("use").GetString());
            Assert.DoesNotContain(OwnedVault.House, plain.ToString(), StringComparison.Ordinal);
            Assert.EndsWith("DMI-PROHIBITED", await readers.PlusAsync(path, Ct), StringComparison.Ordinal);
            Assert.Equal(await readers.FramesAsync(Path.Combine(machine.Folder, name), Ct), await readers.FramesAsync(path, Ct));
            var inspected = await machine.RunAsync(Ct, "inspect", path);
            Assert.Contains("XMP plus:DataMining", inspected.Out, StringComparison.Ordinal);
            Assert.Contains("C2PA training-mining", inspected.Out, StringComparison.Ordinal);
            Assert.DoesNotContain("disagree", inspected.Out, StringComparison.Ordinal);
            await AssertEveryChangeIsSeenAsync(readers, path, mediaType);
        }
    }

    [Fact]
    public async Task A_bundle_holds_signed_films_and_is_whole()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        using var machine = vault.Machine();
        using var readers = await MarkReaders.InstallAsync(Ct);
        var first = await UploadAsync(machine, await files.ShortAsync(Ct));
        var second = await UploadAsync(machine, await files.SoundAsync(Ct));

        using var answer = await vault.Server.Client.PostAsync(
            new Uri("/api/v1/exports", UriKind.Relative), new StringContent(JsonSerializer.Serialize(new { recordings = new[] { first, second }, purpose = "share-external", recipient = "Claire Martin" }), null, "application/json"), Ct);
        var id = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct)).RootElement.GetProperty("id").GetString();
        await UntilReadyAsync(vault, id!);
        var bundle = machine.Write("bundle.zip", await vault.Server.Client.GetByteArrayAsync(new Uri($"/api/v1/exports/{id}/download", UriKind.Relative), Ct));

        Assert.Equal(0, (await machine.RunAsync(Ct, "verify", bundle)).Code);
        using var zip = ZipFile.OpenRead(bundle);
        foreach (var (recording, ending, mediaType) in new[] { (first, ".mp4", "video/mp4"), (second, ".m4a", "audio/mp4") })
        {
            var inner = Path.Combine(machine.Folder, $"{recording}.zip");
            zip.Entries.Single(entry => entry.FullName.EndsWith($"{recording}.zip", StringComparison.Ordinal)).ExtractToFile(inner);
            File.Move(inner, Path.Combine(machine.Folder, $"{recording}.media.zip"));
            Assert.Equal("Valid", State(await readers.VerifyAsync(Extract(machine, $"{recording}.media", ending), mediaType, null, Ct)));
        }
    }

    private static async Task AssertEveryChangeIsSeenAsync(MarkReaders readers, string path, string mediaType)
    {
        var bytes = await File.ReadAllBytesAsync(path, Ct);
        foreach (var at in new[] { bytes.AsSpan().IndexOf("DMI-PROHIBITED"u8), bytes.AsSpan().IndexOf("notAllowed"u8), bytes.Length / 2, RandomNumberGenerator.GetInt32(bytes.Length / 4, bytes.Length / 2) })
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 1;
            var other = path + ".changed" + Path.GetExtension(path);
            await File.WriteAllBytesAsync(other, changed, Ct);
            Assert.Equal("Invalid", State(await readers.VerifyAsync(other, mediaType, null, Ct)));
        }
    }

    private static async Task UntilReadyAsync(OwnedVault vault, string id)
    {
        for (var look = 0; look < 300; look++)
        {
            using var answer = await vault.Server.Client.GetAsync(new Uri($"/api/v1/exports/{id}", UriKind.Relative), Ct);
            if (JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct)).RootElement.GetProperty("state").GetString() is var state and not ("waiting" or "building"))
            {
                Assert.Equal("ready", state);
                return;
            }

            await Task.Delay(200, Ct);
        }

        Assert.Fail("The bundle was not built.");
    }

    /// <summary>The first original of a package.</summary>
    private static string Extract(CommandLine machine, string name, string ending)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(machine.Folder, $"{name}.zip"));
        var path = Path.Combine(machine.Folder, $"out-{name}{ending}");
        zip.Entries.Single(entry => entry.FullName.EndsWith($"/data/original-1{ending}", StringComparison.Ordinal)).ExtractToFile(path);
        return path;
    }

    /// <summary>The published authorities, as their readers want them.</summary>
    private static string Roots(CommandLine machine, byte[] published) => machine.Write("roots.pem", System.Text.Encoding.ASCII.GetBytes(string.Join('\n',
        JsonDocument.Parse(published).RootElement.GetProperty("keys").EnumerateArray().Where(key => key.GetProperty("use").GetString() == "authority").Select(Pem))));

    private static string Pem(JsonElement key)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(Base64Url.DecodeFromChars(key.GetProperty("certificate").GetString()));
        return certificate.ExportCertificatePem();
    }

    private static JsonElement Entries(JsonElement verified) => verified.GetProperty("manifests").EnumerateObject().Single().Value.GetProperty("assertions").EnumerateArray()
        .Single(assertion => assertion.GetProperty("label").GetString() == "cawg.training-mining").GetProperty("data").GetProperty("entries");

    private static string? State(JsonElement verified) => verified.GetProperty("validation_state").GetString();

    private static async Task<string> UploadAsync(CommandLine machine, string name)
    {
        var upload = await machine.RunAsync(Ct, "upload", name, "--json");
        Assert.True(upload.Code == 0, upload.Error);
        return JsonDocument.Parse(upload.Lines[0]).RootElement.GetProperty("recording").GetString()!;
    }
}
