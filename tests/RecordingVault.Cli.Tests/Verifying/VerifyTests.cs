using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Cli.Tests.Verifying;

/// <summary>`vault verify` with nothing but a file: no server, no account.</summary>
public sealed class VerifyTests : IDisposable
{
    private static readonly DateTimeOffset s_madeAt = new(2026, 11, 27, 9, 30, 0, TimeSpan.Zero);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("vault-verify-");
    private readonly SigningKey key = NewKey();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_package_as_it_was_signed_is_whole_and_the_key_is_named_with_what_it_proves()
    {
        var run = await VaultRun.OfAsync("verify", await PackageAsync());

        Assert.Equal(0, run.Code);
        Assert.StartsWith("Whole, and as it was signed", run.Out, StringComparison.Ordinal);
        Assert.Contains(key.Id.ToString(), run.Out, StringComparison.Ordinal);
        Assert.Contains("not of who the key's owner is", run.Out, StringComparison.Ordinal);
        Assert.Contains("compared with no list", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_one_is_refused_with_its_place_and_no_word_that_it_be_whole()
    {
        var path = await PackageAsync();
        var bytes = await File.ReadAllBytesAsync(path, Ct);
        var at = bytes.AsSpan().IndexOf("moving"u8);
        bytes[at] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Ct);

        var run = await VaultRun.OfAsync("verify", path);
        var json = await VaultRun.OfAsync("verify", path, "--json");

        Assert.Equal((1, ""), (run.Code, run.Out));
        Assert.Contains("data/media/film.mp4 was changed", run.Error, StringComparison.Ordinal);
        Assert.Equal((1, false, "digest"), (json.Code, Read(json).GetProperty("whole").GetBoolean(), Read(json).GetProperty("failure").GetString()));
    }

    [Theory]
    [InlineData("data/transcript-1.json", "Guten Morgen")]
    [InlineData("data/chat-1.txt", "09:00 Anna")]
    [InlineData("data/chat-1.txt.xmp", "xmpmeta")]
    public async Task A_changed_transcript_or_chat_is_refused_by_its_name(string name, string words)
    {
        var path = await PackageAsync(
            PackageFile.Of("transcript-1.json", Encoding.UTF8.GetBytes(UsageMember.Write("{\"text\":\"Guten Morgen\"}", UsageTag.NoTdm)!)), PackageFile.Of("chat-1.txt", "09:00 Anna: hello"u8.ToArray()),
            PackageFile.Of("chat-1.txt.xmp", XmpPacket.Write(new XmpMark(UsageTag.NoTdm))));
        var whole = await VaultRun.OfAsync("verify", path, "--json");
        var bytes = await File.ReadAllBytesAsync(path, Ct);
        bytes[bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(words))] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Ct);
        var run = await VaultRun.OfAsync("verify", path);

        Assert.Equal((0, 4), (whole.Code, Read(whole).GetProperty("files").GetArrayLength()));
        Assert.Equal((1, ""), (run.Code, run.Out));
        Assert.Contains($"{name} was changed", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_published_keys_it_says_whether_the_signer_is_that_vault()
    {
        var path = await PackageAsync();
        using var other = NewKey();

        var own = await VaultRun.OfAsync("verify", path, "--json", "--keys", await KeysAsync(key));
        var strange = await VaultRun.OfAsync("verify", path, "--json", "--keys", await KeysAsync(other));
        var renamed = await VaultRun.OfAsync("verify", path, "--json", "--keys", await KeysAsync(other, key.Id));
        var wrongUse = await VaultRun.OfAsync("verify", path, "--json", "--keys", await KeysAsync(key, use: "vcon"));
        var late = await VaultRun.OfAsync("verify", path, "--json", "--keys", await KeysAsync(key, until: s_madeAt.AddDays(-1)));

        Assert.Equal((0, "published"), (own.Code, Read(own).GetProperty("key").GetString()));
        Assert.Equal((3, "not-published"), (strange.Code, Read(strange).GetProperty("key").GetString()));
        Assert.Equal((3, "not-published"), (renamed.Code, Read(renamed).GetProperty("key").GetString()));
        Assert.Equal((3, "not-published"), (wrongUse.Code, Read(wrongUse).GetProperty("key").GetString()));
        Assert.Equal((3, "out-of-time"), (late.Code, Read(late).GetProperty("key").GetString()));
        Assert.Equal("data/media/film.mp4", Read(own).GetProperty("files")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task What_is_no_package_or_no_list_of_keys_is_said_so()
    {
        var text = Path.Combine(folder.FullName, "letter.txt");
        await File.WriteAllTextAsync(text, "Dear vault, this is no package but a letter of some length.", Ct);

        Assert.Equal(1, (await VaultRun.OfAsync("verify", text)).Code);
        Assert.Equal(2, (await VaultRun.OfAsync("verify", Path.Combine(folder.FullName, "nothing.zip"))).Code);
        Assert.Equal(2, (await VaultRun.OfAsync("verify", await PackageAsync(), "--keys", text)).Code);
    }

    /// <summary>The lines of docs/export.md as they stand there: unzip, sha256sum and a page of Python, none of them ours.</summary>
    [Fact]
    public async Task Other_programs_find_it_whole_and_find_the_change_by_the_words_of_the_document()
    {
        var path = await PackageAsync();
        var document = await File.ReadAllTextAsync(Path.Combine(OutsideProgram.RepositoryRoot(), "docs", "export.md"), Ct);
        var script = Path.Combine(folder.FullName, "check.py");
        await File.WriteAllTextAsync(script, document.Split("```python\n")[1].Split("```")[0], Ct);

        Assert.Equal((0, ""), await CheckAsync());
        Assert.Equal((0, ""), await UnpackAsync("whole"));
        var bytes = await File.ReadAllBytesAsync(path, Ct);
        bytes[bytes.AsSpan().IndexOf("\"Ed25519\""u8) - 2_000] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Ct);
        Assert.NotEqual(0, (await CheckAsync()).Code);

        async Task<(int Code, string Error)> CheckAsync() => await OutsideProgram.RunAsync(OutsideProgram.Python, script, path) is var (code, _, error) ? (code, error) : default;

        async Task<(int Code, string Error)> UnpackAsync(string into)
        {
            var run = await OutsideProgram.RunAsync(
                "/bin/sh", "-c", $"unzip -q '{path}' -d '{folder.FullName}/{into}' && cd '{folder.FullName}/{into}'/recordingvault-* && sha256sum --check --quiet manifest-sha256.txt tagmanifest-sha256.txt");
            return (run.Code, run.Error);
        }
    }

    public void Dispose()
    {
        key.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task<string> PackageAsync(params PackageFile[] more)
    {
        var path = Path.Combine(folder.FullName, "package.zip");
        await using var output = File.Create(path);
        await PackageWriter.WriteAsync(output, new PackagePlan(Guid.NewGuid(), s_madeAt, "<title>x</title>"u8.ToArray(), [PackageFile.Of("media/film.mp4", "moving pictures"u8.ToArray()), .. more]), key, Ct);
        return path;
    }

    private async Task<string> KeysAsync(SigningKey of, Guid? id = null, string use = "package", DateTimeOffset? until = null)
    {
        var path = Path.Combine(folder.FullName, "keys.json");
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(new
        {
            format = "recordingvault.v1.keys",
            keys = new[] { new { id = id ?? of.Id, use, algorithm = "Ed25519", publicKey = Base64Url.EncodeToString(of.Verifying().Bytes.Span), since = s_madeAt.AddDays(-30), until = until ?? s_madeAt.AddDays(300) } },
        }), Ct);
        return path;
    }

    private static JsonElement Read(VaultRun run) => JsonDocument.Parse(run.Out).RootElement;

    private static SigningKey NewKey()
    {
        using var root = RootKey.Generate();
        using var tenantKey = KeyHierarchy.NewTenantKey(root, Guid.NewGuid()).Key;
        using var data = KeyHierarchy.NewTenantDataKey(tenantKey).Key;
        return SigningKey.New(data, SignatureKind.Ed25519).Key;
    }
}
